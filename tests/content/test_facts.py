"""The first content says what it must: every fact, on the page it belongs to, in the text that a visitor sees.

The table goes page by page: the addresses, and for each fact its name and the pattern that must be found at each of
them (letter case does not matter). Adding a fact is adding a row.
"""

import re
from html import unescape

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from helpdesk.operations.startup import FIRST_CONTENT

# pytest-django makes a test database only for tests that ask for one.
pytestmark = pytest.mark.django_db

PLATFORM = "/guides/trading-platform-login/"
MANAGEMENT = "/guides/account-management-login/"
CONTACT = ["/contact/"]


def platform(symptom):
    """A symptom of the trading platform; with one check its page is complete in itself."""
    return [f"{PLATFORM}{symptom}/"]


def management(symptom):
    return [f"{MANAGEMENT}{symptom}/"]


def both(symptom):
    """A symptom that both guides have."""
    return platform(symptom) + management(symptom)


def check(guide, symptom, cause):
    """One check of several: on its own page and on the page with all of them."""
    return [f"{guide}{symptom}/check/{cause}/", f"{guide}{symptom}/all/"]


def fix(guide, symptom, cause):
    """The resolution after "yes", on the page for coming back, and on the page with all checks."""
    return [f"{guide}{symptom}/check/{cause}/fix/", f"{guide}{symptom}/found/?by={cause}", f"{guide}{symptom}/all/"]


def faq(entry):
    return [f"/faq/{entry}/"]


REFUSED, CONNECTION = "invalid-username-password", "connection-attempts"
# Where the security notice is: before the checks, on the page that staff send.
NOTICE = management(REFUSED)

PROMPT = "Choose what best describes your situation"
COMBINATION = "Invalid user name password combination"
CENTER = "regional Customer Service Center"
CALL_CENTER = f"call your {CENTER}"
IDENTITY = "(verify|verifying|verified) your identity as the account holder"
FULL_ACCESS = "full access to Account Management and the trading platforms for"
# Twice: with and without the country code in front.
TAC_PHONE = "1-877-442-2757"
TAC_EMAIL = r"tac@interactivebrokers\.com"
WINDOW_OPEN = "if you can still log in to Account Management with your temporary passcode"
ONLY_MANAGEMENT = "you can use only Account Management"

FACTS = [
    # Contact points
    (
        CONTACT,
        {
            "center-name": CENTER,
            "center-regions": "regional Customer Service Centers in the US, Europe and Asia",
            "center-for-trading": "everything about trading, accounts, funding and execution",
            "center-for-logins": "all user name, password and security device requests",
            "center-for-lost-devices": "including lost and damaged devices",
            "center-identity": "be ready to verify your identity as the account holder",
            "center-united-states": "United States",
            "center-us-toll-free": r"\+?1 877 442 2757",
            "center-us-direct": r"\+1 312 542 6901",
            "center-canada": "Canada",
            "center-canada-toll-free": r"\+?1 877 745 4222",
            "center-canada-direct": r"\+1 514 847 3499",
            "center-australia": "Australia",
            "center-australia-direct": r"\+61 2 7251 0088",
            "tac-name": r"Technical Assistance Center \(TAC\)",
            "tac-for-connection-and-software": "problems with the connection and the software",
            "tac-for-devices-in-delivery": "security device in delivery that has activated itself",
            "tac-phone": r"Technical Assistance Center \(TAC\).*\+?1 877 442 2757",
            "tac-email": TAC_EMAIL,
            "tac-system-status": "our System status page",
            "tac-email-for": "email is for software and connection problems",
            "desk-name": "trade order desk",
            "desk-in-each-center": "each Customer Service Center has a trade order desk",
            "desk-hours": "desks in the US, Europe and Asia together cover effectively 24 hours",
            "desk-for": "closing open positions by phone",
            "desk-closing-market-orders-only": "closing market orders only",
            "desk-fee": r"telephone-order fee of USD 30 \(or equivalent\)",
            "desk-fee-beside-commissions": "in addition to your usual commissions",
            "login-help-by-phone-only": "we help with logging in by phone only",
            "login-help-after-identity-only": f"by phone only, after {IDENTITY}",
        },
    ),
    # Only in the guide to the trading platform
    (
        [PLATFORM],
        {
            "platform-title": "I can't log in to the trading platform",
            "platform-prompt": PROMPT,
            "platform-is-tws": r"Trader Workstation \(TWS\)",
        },
    ),
    (platform(REFUSED), {"platform-refused-message": COMBINATION}),
    (
        check(PLATFORM, REFUSED, "account-not-approved"),
        {
            "not-approved": "is your account still waiting for approval",
            "not-approved-management-only": f"until it's approved, {ONLY_MANAGEMENT}, not the trading platform",
            "late-approval": "approved after the day's cut-off time, you'll get access the next day",
            "not-approved-ask": "not sure. ask Customer Service",
        },
    ),
    (
        fix(PLATFORM, REFUSED, "account-not-approved"),
        {
            "approval-management-only": f"isn't approved yet, {ONLY_MANAGEMENT} until it is, not the trading platform",
            "approval-late": "cut-off time, you'll get access to the trading platform the next day",
        },
    ),
    (
        check(PLATFORM, REFUSED, "account-not-funded"),
        {
            "not-funded": "still waiting for the minimum deposit",
            "not-funded-amount": r"minimum deposit is USD 10,000 \(or equivalent\)",
            "not-funded-management-only": f"received it, {ONLY_MANAGEMENT}, not the trading platform",
            "not-funded-ask": "not sure. ask Customer Service",
        },
    ),
    (
        fix(PLATFORM, REFUSED, "account-not-funded"),
        {
            "deposit-amount": r"until your account has received the minimum deposit of USD 10,000 \(or equivalent\)",
            "deposit-management-only": f"below that, {ONLY_MANAGEMENT}",
        },
    ),
    (
        check(PLATFORM, REFUSED, "account-closed"),
        {
            "closed": "has your account been closed",
            "closed-by-customer": "you closed it",
            "closed-by-broker": "Interactive Brokers closed it because it had no balance",
            "closed-ask": "not sure. ask Customer Service",
        },
    ),
    (
        fix(PLATFORM, REFUSED, "account-closed"),
        {
            "closed-no-platform": "if your account was closed, you can no longer use the trading platform",
            "closed-management": "still log in to Account Management for your activity and tax statements",
            "closed-same-login": "same user name and password as before",
            "closed-without-device": "don't need the security device",
        },
    ),
    (
        check(PLATFORM, REFUSED, "paper-account-credentials"),
        {
            "paper-live-login-used": "are you using your live account login for paper trading",
            "paper-has-its-own": "paper trading account has its own user name and password",
        },
    ),
    (
        fix(PLATFORM, REFUSED, "paper-account-credentials")[::2],
        {
            "paper-its-own-login": "user name and password of your paper trading account, not with those of your live",
        },
    ),
    (
        platform(CONNECTION),
        {
            "connection-message": r"Log in progress \(attempt #N\)",
            "connection-never": "keeps showing this message, with a number instead of N, and never connects",
        },
    ),
    (
        check(PLATFORM, CONNECTION, "internet-down"),
        {
            "internet-check": "is your Internet connection down",
            "internet-other-site": "try to open another website",
        },
    ),
    (
        fix(PLATFORM, CONNECTION, "internet-down")[::2],
        {
            "internet-provider": "your Internet Service Provider has to help",
        },
    ),
    (
        check(PLATFORM, CONNECTION, "firewall-blocking"),
        {
            "firewall-blocks": "if a firewall is blocking TWS",
            "firewall-reconfigure": "reconfigure it to let TWS through",
        },
    ),
    (
        check(PLATFORM, CONNECTION, "ports-blocked"),
        {
            "ports-public": "public connections, such as those in hotels and cafés, often block ports 4000 and 4001",
            "ports-tcp": "ports 4000 and 4001 must be open for TCP in both directions",
            "ports-router": "if you have a router, they must be open there too",
        },
    ),
    # In both guides
    (
        both("invalid-passcode"),
        {
            "passcode-message": "Invalid passcode",
            "passcode-temporary": "are you using a temporary passcode",
            "passcode-upper-case": "letters are case sensitive and must be typed in uppercase",
            "passcode-of-device": "no instructions here for passcodes from the security device itself",
            "passcode-of-device-call": f"if you're using one, {CALL_CENTER}",
        },
    ),
    (
        [
            page
            for guide in (PLATFORM, MANAGEMENT)
            for page in fix(guide, "invalid-passcode", "passcode-lower-case")[::2]
        ],
        {
            "passcode-type-again": "letters of a temporary passcode are case sensitive. Type them in uppercase",
        },
    ),
    (
        both("forgotten-username-password"),
        {
            "forgotten-one-or-both": "forgotten user name or password",
            "forgotten-for-security": "for security, help with a forgotten user name or password starts by phone",
            "forgotten-identity-first": f"{IDENTITY} first",
            "forgotten-call-center": CALL_CENTER,
        },
    ),
    (
        both("without-security-device"),
        {
            "without-title": "I don't have my security device with me",
            "without-temporarily": "without your device temporarily",
            "without-call": CALL_CENTER,
            "without-identity-then-passcode": "verify your identity, then issue a temporary passcode",
            "without-fixed-code": "fixed code of letters and digits that replaces the random code from your device",
            "without-full-access": f"{FULL_ACCESS} 2 days",
            "without-longer": "if you need access for longer, and for better protection",
            "without-print-card": "Account Management with the temporary passcode and print the online security card",
            "without-card-replaces-device": "card replaces your device for up to 3 weeks",
            "without-when-expired": "when the passcode or card expires",
            "without-when-back": "or if you get your device back sooner",
            "without-reactivate": r"sooner: .*Account Management\. .*choose the menu option to reactivate the secur",
        },
    ),
    (
        both("security-device-lost"),
        {
            "lost-title": "lost or damaged",
            "lost-call": "call Customer Service to replace your device",
            "lost-replacement-and-interim": "replacement device and for interim access",
            "lost-shipping": "shipping takes 3 to 14 days, depending on your country of residence",
            "lost-interim-is-card": "interim access is an online security card",
            "lost-passcode-opens-management": "log in to Account Management with a temporary passcode",
            "lost-card-printed-or-saved": "print the card or save it as an image",
        },
    ),
    (
        both("temporary-passcode-expired"),
        {
            "expired-title": "My temporary passcode has expired",
            "expired-full-access": f"{FULL_ACCESS} 2 days",
            "expired-no-platform": "after that, it no longer works for the trading platforms",
            "expired-ten-more-days": "log in to Account Management for 10 more days",
            "expired-management-only-for-card": "but only to print or save the online security card",
            "expired-print-or-save": f"{WINDOW_OPEN}, print or save the online security card there",
            "expired-card-21-days": f"card gives you {FULL_ACCESS} 21 days",
            "expired-call-center": f"if you can't log in to Account Management either, {CALL_CENTER}",
        },
    ),
    (
        both("security-card-expired"),
        {
            "card-title": "My online security card has expired",
            "card-21-days": f"card gives you {FULL_ACCESS} 21 days",
            "card-time-for-device": "meant as time to get your device back, or to request and receive a replacement",
            "card-no-longer-works": "if your online security card no longer works",
            "card-call-center": CALL_CENTER,
            "card-tell-state-of-device": "tell us the status of your permanent device",
        },
    ),
    (
        both("awaiting-security-device"),
        {
            "waiting-title": "waiting for my security device, and now I can't log in",
            "waiting-us": "should be delivered to your address of record within 2 days if you're a US resident",
            "waiting-elsewhere": "within 2 weeks if you're not",
            "waiting-itself": "if you don't activate the device manually, it activates itself after a set time",
            "waiting-call-tac": f"itself and you can't log in, call the Technical Assistance Center at {TAC_PHONE}",
        },
    ),
    (
        both("passcode-account-management-only"),
        {
            "only-management": "passcode works for Account Management, but not for the trading platform",
            "only-print-or-save": f"{WINDOW_OPEN}, print or save the online security card there",
            "only-card-21-days": f"card gives you {FULL_ACCESS} 21 days",
            "only-otherwise-call": f"if you can't log in to Account Management either, {CALL_CENTER}",
        },
    ),
    (
        both("activate-security-device"),
        {
            "activate-title": "I have my security device and want to activate it",
            "activate-replacement": "if you have a replacement device",
            "activate-was-away": "or if you used a temporary passcode while you were without your device",
            "activate-log-in": "log in to Account Management",
            "activate-menu": "menu option to reactivate the security device",
            "activate-ends-both": "From then on, neither the temporary passcode nor the online security card works",
        },
    ),
    # Only in the guide to Account Management
    (
        [MANAGEMENT],
        {
            "management-title": "I can't log in to Account Management",
            "management-prompt": PROMPT,
            "management-is-website": "Account Management website",
        },
    ),
    (NOTICE, {"management-refused-message": COMBINATION}),
    (
        check(MANAGEMENT, REFUSED, "caps-lock-on"),
        {
            "user-name-question": "any capital letters in your user name",
            "user-name-lower-case": "user name is case sensitive and must be typed in lowercase",
            "user-name-caps-lock": "check Caps Lock",
        },
    ),
    (
        fix(MANAGEMENT, REFUSED, "caps-lock-on")[::2],
        {
            "user-name-again": "turn off Caps Lock, then enter your user name in lowercase letters",
        },
    ),
    (
        [*NOTICE, *check(MANAGEMENT, REFUSED, "account-locked")],
        {
            "lock-ten-logins": "10 failed Account Management logins in a row within any 24 hours lock your account",
            "lock-even-right-login": "once it's locked, you can't log in, even with the right user name and password",
        },
    ),
    (
        [*NOTICE, *fix(MANAGEMENT, REFUSED, "account-locked")],
        {
            "lock-lasts": "lock lasts until 24 hours after the last failed attempt",
            "lock-against-hackers": "security measure against hackers who guess passwords at random",
            "lock-locked-out-or-about-to-be": rf"locked out, or about to be\W+{CALL_CENTER}",
            "lock-phone-only": f"this help by phone only, after {IDENTITY}",
        },
    ),
    (
        management("bad-character"),
        {
            "bad-character-message": "BAD CHARACTER",
            "bad-character-after-user-name": "after entering my user name",
            "bad-character-letters-and-digits": "enter your user name with letters and digits only",
            "bad-character-enter-again": "enter your user name again",
            "bad-character-no-spaces": "don't use spaces or other characters",
            "bad-character-examples": r'such as ! @ # \$ % \^ & \* \( \. , " :',
        },
    ),
    # The Technical FAQ
    (["/faq/", "/faq/topic/tws/"], {"faq-topic": "Technical FAQs about TWS"}),
    (
        faq("can-i-run-tws"),
        {
            "run-demo-first": "run the demo system first",
            "run-connection-and-system": "shows whether your connection and your system are good enough",
        },
    ),
    (
        faq("install-tws"),
        {
            "install-page": "download instructions and the files you need on the Installation Instructions page",
        },
    ),
    (
        faq("system-requirements"),
        {
            "requirements": "minimum and recommended system requirements are published",
            "requirements-systems": "for Windows and for the other operating systems",
        },
    ),
    (
        faq("standalone-or-browser"),
        {
            "standalone-if-slower": "standalone TWS use this if you have a slower computer or connection",
            "standalone-one-pc": "only on the PC where it's installed",
            "browser-any-pc": "browser-based TWS you can use it on any PC with Internet access",
            "both-need-java": "both need the latest Java Runtime Environment",
            "both-work-alike": "work the same way",
        },
    ),
    (
        faq("java-plugin"),
        {
            "java-page": "Java Upgrade Instructions page and follow the section for Windows or Mac",
            "java-remove-first": "newer Java version, remove the old plugin first, then install the new one",
            "java-video": "video instructions for the Java Runtime Environment on Windows",
        },
    ),
    (
        faq("beta-release"),
        {
            "beta-pre-production": "pre-production version of a coming release",
            "beta-trade-and-test": "trade with it while you test its new features",
            "beta-chosen-at-login": "choose it deliberately at login",
            "beta-own-risk": "at your own risk",
            "beta-feedback": "feedback is welcome while the release is under construction",
            "beta-tests": "becomes the production release after a set period of in-house and outside tests",
        },
    ),
    (
        faq("release-changes"),
        {
            "changes-login-page": "login page has links to the release notes of both the beta and the prod",
            "changes-what": "briefly describe new features and fixed problems",
        },
    ),
    (
        faq("new-version"),
        {
            "version-wizard": "standalone TWS: The update wizard checks for updates each time you log in to your PC",
            "version-manually": "manually: .*Start menu.*Programs, then Startup.*Check for TWS Updates",
            "version-browser": "browser-based TWS: You always get the newest production release",
        },
    ),
    (
        faq("reinstall-tws"),
        {
            "reinstall": r"uninstall TWS with add/remove programs\..*install it from the TWS Software page",
        },
    ),
    (
        faq("username-not-recognized"),
        {
            "recognized-one-of-three": "for one of these three reasons",
            "recognized-wrong-name": "wrong user name. Check Caps Lock",
            "recognized-not-set-up": "account isn't set up yet",
            "recognized-ten-times": "wrong password more than 10 times",
            "recognized-related-platform": "Trading platform: My user name and password are refused",
            "recognized-related-management": "Account Management: My user name and password are refused",
        },
    ),
    (
        faq("more-information"),
        {
            "more-release-notes": "TWS Release Notes",
            "more-users-guide": "TWS User's Guide",
            "more-tutorials": "online tutorials",
            "more-customer-service": "contact Customer Service",
        },
    ),
    (
        faq("who-to-contact"),
        {
            "who-two-departments": "two departments",
            "who-customer-service": "Customer Service trading, accounts, funding and execution",
            "who-tac": r"Technical Assistance Center \(TAC\) connection and software",
            "who-call-while-there": "get help faster: call while you're experiencing the problem",
            "who-computer-ready": "have your computer on and ready",
            "who-account-at-hand": "have your account information at hand",
            "who-email": f"or email {TAC_EMAIL}",
            "who-write-account": "your user name and account number",
            "who-write-summary": "a detailed summary",
            "who-write-when": "when it happened, or when it happens",
            "who-write-system": "system details, if possible",
            "who-system-windows": "Windows version",
            "who-system-browser": "browser version, including its cipher strength",
            "who-system-network-cards": "brands of your network cards",
            "who-system-processor": "processor generation and speed",
            "who-system-memory": "processor generation and speed memory",
            "who-system-internet": "kind of Internet connection",
            "who-system-tried": "any troubleshooting you've already done, on your own or with our staff",
        },
    ),
    (
        faq("close-positions-offline"),
        {
            "close-desk": "call the trade order desk",
            "close-contact-point": "how to reach the trade order desk",
            "close-hours": "desks in the US, Europe and Asia together cover effectively 24 hours",
            "close-market-orders": "closing market orders only",
            "close-fee": r"telephone-order fee of USD 30 \(or equivalent\)",
            "close-commissions": "in addition to your usual commissions",
            "close-print-numbers": "print the list of Customer Service numbers, and keep it",
            "close-related": "The platform keeps trying to connect",
        },
    ),
    (
        faq("windows-screenshot"),
        {
            "screenshot-whole-screen": r"Ctrl ?\+ ?Print Screen for the whole screen",
            "screenshot-one-window": r"Alt ?\+ ?Print Screen for one window",
            "screenshot-key": "Print Screen key is at the upper right of the keyboard",
            "screenshot-paste": r"paste the picture into a text or image editor, such as Word, with Ctrl ?\+ ?V",
            "screenshot-check-and-save": "check that it's the right picture, then save it",
            "screenshot-message-center": "Account Management and open the Message Center",
            "screenshot-ticket": "create a new web ticket and attach the file",
            "screenshot-from-tws": r"Ctrl ?\+ ?Alt ?\+ ?H in TWS",
            "screenshot-snapshot-and-log": "snapshot of the TWS screen and uploads that day's log file",
            "screenshot-window": "window that opens, enter your text, and check the box to include the picture of the",
            "screenshot-confirmation": r"submit it\. A second window confirms the upload",
            "screenshot-not-monitored": "customer service doesn't monitor these uploads during the day",
            "screenshot-talk-first": "talk to the customer service desk before you upload .* for a current problem",
            "screenshot-may-fail": "firewall or proxy uploading log files and screenshots from TWS may fail",
        },
    ),
]


def every_place():
    """Each fact at each of its addresses, under a name that says which and where."""
    for addresses, facts in FACTS:
        for name, wanted in facts.items():
            for address in addresses:
                yield pytest.param(address, wanted, id=f"{name}@{address.strip('/')}")


MAIN = re.compile(r"<main\b.*?</main>", re.DOTALL)
UNSEEN = re.compile(r"<!--.*?-->|<(script|style|template)\b.*?</\1>", re.DOTALL)
INLINE_TAG = re.compile(r"</?(?:a|abbr|b|code|em|i|kbd|mark|q|samp|span|strong)\b[^>]*>")
TAG = re.compile(r"<[^>]*>")
STRAIGHT_QUOTES = str.maketrans("“”‘’", "\"\"''")


def visible_text(html):
    """What a page says between its header and its footer, in one line, quotation marks straight."""
    main = MAIN.search(html)
    words = INLINE_TAG.sub("", UNSEEN.sub(" ", main[0] if main else html))
    return " ".join(unescape(TAG.sub(" ", words)).translate(STRAIGHT_QUOTES).split())


def read(address):
    """The status and the visible text of a page."""
    response = Client(raise_request_exception=False).get(address, follow=True)
    return response.status_code, visible_text(response.content.decode())


@pytest.fixture(scope="module")
def pages(django_db_setup, django_db_blocker):
    """Every page that a fact stands on, read once for all facts: loading the content for each would take a minute."""
    addresses = {address for places, _ in FACTS for address in places}
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("loaddata", *FIRST_CONTENT, verbosity=0)
        texts = {address: read(address) for address in sorted(addresses)}
        transaction.set_rollback(True)
    return texts


@pytest.mark.parametrize(("address", "wanted"), list(every_place()))
def test_fact_stands_on_its_page(pages, address, wanted):
    status, text = pages[address]

    assert status == 200
    assert re.search(wanted, text, re.IGNORECASE), f"{address} does not say “{wanted}”"


def test_fact_names_are_unique():
    names = [name for _, facts in FACTS for name in facts]

    assert sorted(names) == sorted(set(names))
