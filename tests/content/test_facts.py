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
    """A symptom of the trading platform with one check: its page is complete in itself."""
    return [f"{PLATFORM}{symptom}/"]


def management(symptom):
    return [f"{MANAGEMENT}{symptom}/"]


def both(symptom):
    """A symptom that stands in both guides."""
    return platform(symptom) + management(symptom)


def check(guide, symptom, cause):
    """One check of several: on its own page and on the page with all of them."""
    return [f"{guide}{symptom}/check/{cause}/", f"{guide}{symptom}/all/"]


def faq(entry):
    return [f"/faq/{entry}/"]


NOT_APPROVED = check(PLATFORM, "invalid-username-password", "account-not-approved")
NOT_FUNDED = check(PLATFORM, "invalid-username-password", "account-not-funded")
CLOSED = check(PLATFORM, "invalid-username-password", "account-closed")
PAPER = check(PLATFORM, "invalid-username-password", "paper-account-credentials")
INTERNET = check(PLATFORM, "connection-attempts", "internet-down")
FIREWALL = check(PLATFORM, "connection-attempts", "firewall-blocking")
PORTS = check(PLATFORM, "connection-attempts", "ports-blocked")
CAPS_LOCK = check(MANAGEMENT, "invalid-username-password", "caps-lock-on")
LOCKED = check(MANAGEMENT, "invalid-username-password", "account-locked")
# Where the security notice stands: before the checks, on the page that staff send.
NOTICE = management("invalid-username-password")

PROMPT = r"Click the line that best describes your situation\."
COMBINATION = "Invalid user name password combination"
CALL_CENTER = "call your regional Customer Service Center"
ACCOUNT_HOLDER = "check that you are the account holder"
FULL_ACCESS = "full access to (both: )?Account Management and the trading platforms"
TAC_PHONE = "1[- ]877[- ]442[- ]2757"
TAC_EMAIL = r"tac@interactivebrokers\.com"

FACTS = [
    # Contact points
    (
        CONTACT,
        {
            "center-name": "Regional Customer Service Center",
            "center-regions": "centers in the US, in Europe and in Asia",
            "center-for-trading": "any question about trading",
            "center-for-accounts": "any question about trading, your account",
            "center-for-funding": "any question about .*funding",
            "center-for-execution": "any question about .*funding and execution",
            "center-for-user-name": "any request about your user name",
            "center-for-password": "any request about your user name, your password",
            "center-for-device": "any request about your user name, your password or your security device",
            "center-by-telephone": "you can find their telephone numbers",
            "center-identity-verified-on-the-call": "on the call, we first check that you are the account holder",
            "center-numbers-on-page": "telephone numbers on our Customer Service page",
            "tac-name": r"Technical Assistance Center \(TAC\)",
            "tac-for-connection": "connection problems",
            "tac-for-software": "software problems",
            "tac-for-devices-not-arrived": "security devices that do not arrive",
            "tac-for-devices-not-working": "security devices that do not arrive or do not work",
            "tac-phone": TAC_PHONE,
            "tac-email": TAC_EMAIL,
            "desk-name": "trade order desk",
            "desk-in-each-center": "each Customer Service Center has a trade order desk",
            "desk-regions": "desk: in the US, in Europe and in Asia",
            "desk-hours": "effectively 24 hours",
            "desk-for-closing-positions": "closing your open positions by telephone",
            "desk-closing-market-orders-only": "closing market orders only",
            "desk-fee": "fee for each telephone order is USD 30, or the equivalent",
            "desk-fee-on-top-of-commissions": "usual commissions come on top",
            "login-help-by-telephone-only": "help with logging in by telephone only",
            "login-help-after-identity-only": "by telephone only, and only after this check",
        },
    ),
    # Only in the guide to the trading platform
    (
        [PLATFORM],
        {
            "platform-title": "I cannot log in to the trading platform",
            "platform-prompt": PROMPT,
            "platform-is-tws": "TWS, short for Trader Workstation",
        },
    ),
    (
        platform("invalid-username-password"),
        {
            "platform-refused-message": COMBINATION,
        },
    ),
    (
        NOT_APPROVED,
        {
            "not-approved": "account is not approved yet",
            "not-approved-cut-off-time": "each day has a cut-off time for approvals",
            "not-approved-management-only": "until then, only Account Management opens",
            "not-approved-no-platform": "the trading platform does not",
            "late-approval-next-day": "if yours came after it, the trading platform opens the next day",
        },
    ),
    (
        NOT_FUNDED,
        {
            "not-funded": "has your account received the minimum deposit",
            "not-funded-amount": "minimum deposit is USD 10,000",
            "not-funded-equivalent": "USD 10,000, or the equivalent",
            "not-funded-management-only": "below the minimum deposit, only Account Management opens",
        },
    ),
    (
        CLOSED,
        {
            "closed-by-customer": "you closed the account yourself",
            "closed-by-broker": "we closed the account because it had no balance",
            "closed-no-platform": "closed account does not open the trading platform any more",
            "closed-management-open": "Account Management stays open",
            "closed-activity-statements": "activity statements",
            "closed-tax-statements": "tax statements",
            "closed-same-login": "same user name and password as before",
            "closed-without-device": "without the security device",
        },
    ),
    (
        PAPER,
        {
            "paper-live-login-used": "user name and password of your live account do not work there",
            "paper-has-its-own": "paper trading account has its own user name and its own password",
        },
    ),
    (
        platform("connection-attempts"),
        {
            "connection-message": r"Log in progress \(attempt #N\)",
            "connection-title": "The platform keeps trying to connect",
            "connection-never": "never gets past this message",
        },
    ),
    (
        INTERNET,
        {
            "internet-check": "does your Internet connection work",
            "internet-other-site": "open another web site",
            "internet-provider": "Internet Service Provider",
            "internet-provider-has-to-help": "they have to help",
        },
    ),
    (
        FIREWALL,
        {
            "firewall-blocks": "is a firewall blocking TWS",
            "firewall-reconfigure": "reconfigured",
            "firewall-let-through": "so that TWS is let through",
        },
    ),
    (
        PORTS,
        {
            "ports-numbers": "ports 4000 and 4001",
            "ports-public-connections": "public connections like these often block the two ports",
            "ports-hotel": "hotel",
            "ports-cafe": "café",
            "ports-tcp": "open the ports 4000 and 4001 for TCP",
            "ports-both-directions": "in both directions",
            "ports-router": "open both ports on the router too",
        },
    ),
    # In both guides
    (
        both("invalid-passcode"),
        {
            "passcode-message": "Invalid passcode",
            "passcode-temporary": "letters of a temporary passcode",
            "passcode-case-sensitive": "case sensitive",
            "passcode-upper-case": "upper case",
        },
    ),
    (
        both("forgotten-username-password"),
        {
            "forgotten-title": "I forgot my user name or password",
            "forgotten-one-or-both": "your user name, your password or both",
            "forgotten-for-security": "for your security",
            "forgotten-by-telephone": "this help starts with a phone call",
            "forgotten-identity-first": ACCOUNT_HOLDER,
            "forgotten-call-center": CALL_CENTER,
        },
    ),
    (
        both("without-security-device"),
        {
            "without-title": "I do not have my security device with me",
            "without-for-a-while": "for a while",
            "without-call-center": CALL_CENTER,
            "without-identity-check": ACCOUNT_HOLDER,
            "without-passcode-issued": "we then give you a temporary passcode",
            "without-fixed-code": "fixed code of letters and digits",
            "without-takes-the-place": "place of the random code from your device",
            "without-full-access": FULL_ACCESS,
            "without-two-days": "for 2 days it gives you full access",
            "without-longer": r"more than 2 days\?",
            "without-better-protection": "protects you better",
            "without-log-in-with-passcode": "Account Management with the temporary passcode",
            "without-print-card": "print the online security card",
            "without-card-replaces-device": "replaces your device for up to 3 weeks",
            "without-when-expired": "has the passcode or card expired",
            "without-when-back": "is your device back",
            "without-reactivate": "menu option to reactivate the security device",
        },
    ),
    (
        both("security-device-lost"),
        {
            "lost-title": "lost or damaged",
            "lost-call": CALL_CENTER,
            "lost-replacement": "ask for a replacement",
            "lost-interim-access": "interim access",
            "lost-shipping-time": "shipping takes 3 to 14 days",
            "lost-shipping-country": "depends on the country you live in",
            "lost-interim-is-card": r"\(interim access\)\. This is an online security card",
            "lost-card-printed-or-saved": "print .*card, or save it as an image",
            "lost-passcode-opens-management": "open Account Management with the temporary pass",
        },
    ),
    (
        both("temporary-passcode-expired"),
        {
            "expired-title": "My temporary passcode has expired",
            "expired-full-access": FULL_ACCESS,
            "expired-two-days": "first 2 days it gives you full access",
            "expired-no-platform": "no longer opens the trading platforms",
            "expired-ten-more-days": "10 days after that",
            "expired-management-only-for-card": "only to print or save the online secur",
            "expired-print-or-save": "print the online security card, or save it",
            "expired-card-21-days": "for 21 days the card gives you full access",
            "expired-call-center": r"does not open either: (1\. )?Call your regional Cust",
        },
    ),
    (
        both("security-card-expired"),
        {
            "card-title": "My online security card has expired",
            "card-full-access": FULL_ACCESS,
            "card-21-days": "for 21 days the card gives you full access",
            "card-time-to-get-device": "time to get your security device back",
            "card-time-for-replacement": "time to ask for a replacement and receive it",
            "card-no-longer-works": "online security card no longer works",
            "card-call-center": CALL_CENTER,
            "card-tell-state-of-device": "state of your permanent security device",
        },
    ),
    (
        both("awaiting-security-device"),
        {
            "waiting-title": "waiting for my security device and now I cannot log in",
            "waiting-address-of-record": "address of record",
            "waiting-us": "in the US the device arrives within 2 days",
            "waiting-elsewhere": "any other country the device arrives within 2 weeks",
            "waiting-by-hand": "activate the device by hand",
            "waiting-activates-itself": "activates itself after a set time",
            "waiting-call-tac": "call the Technical Assistance Center",
            "waiting-tac-phone": TAC_PHONE,
        },
    ),
    (
        both("passcode-account-management-only"),
        {
            "only-management": "passcode opens (only )?Account Management",
            "only-not-platform": "but not the trading platform|the trading platform refuses the passcode",
            "only-window-open": "if Account Management still opens",
            "only-print-or-save": "print the online security card, or save it",
            "only-card-21-days": "for 21 days the card gives you full access",
            "only-card-full-access": FULL_ACCESS,
            "only-otherwise-call": r"does not open either: (1\. )?Call your region",
        },
    ),
    (
        both("activate-security-device"),
        {
            "activate-title": "I have my security device and want to activate it",
            "activate-at-hand": "security device at hand",
            "activate-replacement": "you have a replacement device",
            "activate-was-away": "device was away, and you used a temporary passcode",
            "activate-log-in": "log in to Account Management",
            "activate-menu": "menu option to reactivate the security device",
            "activate-ends-passcode": "from then on, neither the temporary passcode",
            "activate-ends-card": "nor the online security card works",
        },
    ),
    # Only in the guide to Account Management
    (
        [MANAGEMENT],
        {
            "management-title": "I cannot log in to Account Management",
            "management-prompt": PROMPT,
            "management-is-web-site": "Account Management is the web site",
        },
    ),
    (
        management("invalid-username-password"),
        {
            "management-refused-message": COMBINATION,
        },
    ),
    (
        CAPS_LOCK,
        {
            "user-name-case-sensitive": "user name is case sensitive",
            "user-name-lower-case": "lower case",
            "user-name-caps-lock": "check Caps Lock",
        },
    ),
    (
        NOTICE + LOCKED,
        {
            "lock-ten-logins": "10 failed logins in a row",
            "lock-of-management-logins": "log ?ins? to Account Management",
            "lock-within-24-hours": "within any 24 hours",
            "lock-whatever-is-entered": "does not matter what you enter",
            "lock-even-the-right-login": "even the right user name and password are refused",
            "lock-lasts": "lock lasts until 24 hours after the last failed attempt",
            "lock-against-guessing": "protects your account from people who guess",
            "lock-locked-out-or-about-to-be": "you are locked out, or if you soon may|locked out, or soon may",
            "lock-call-center": CALL_CENTER,
            "lock-telephone-only": "help by telephone only",
            "lock-identity-check": ACCOUNT_HOLDER,
        },
    ),
    (
        management("bad-character"),
        {
            "bad-character-message": "BAD CHARACTER",
            "bad-character-after-user-name": "after I enter my user name",
            "bad-character-enter-again": "type it again",
            "bad-character-letters-and-digits": "letters and digits only",
            "bad-character-no-spaces": "leave out spaces and all other characters",
            "bad-character-examples": r'! @ # \$ % \^ & \* \( \. , " :',
        },
    ),
    # The Technical FAQ
    (
        ["/faq/", "/faq/topic/tws/"],
        {
            "faq-topic": "Technical FAQs about TWS",
        },
    ),
    (
        faq("can-i-run-tws"),
        {
            "run-demo-first": "run the demo system first",
            "run-connection": "connection is good enough",
            "run-system": "system is good enough",
        },
    ),
    (
        faq("install-tws"),
        {
            "install-page": "Installation Instructions page",
            "install-download": "instructions for the download",
            "install-files": "files you need",
        },
    ),
    (
        faq("system-requirements"),
        {
            "requirements-minimum": "minimum",
            "requirements-recommended": "recommend",
            "requirements-windows": "Windows",
            "requirements-others": "other operating systems",
        },
    ),
    (
        faq("standalone-or-browser"),
        {
            "standalone-if-slower": r"standalone TWS choose this one if your computer or your connect\w+ is slower",
            "browser-any-pc": "works from any PC with Internet",
            "standalone-one-pc": "only on the PC where it is installed",
            "both-need-java": "both need the latest Java Runtime Environment",
            "both-work-alike": "both work alike",
        },
    ),
    (
        faq("java-plugin"),
        {
            "java-page": "Java Upgrade Instructions page",
            "java-sections": "section for Windows or the one for Mac",
            "java-remove-first": r"remove the old plugin first\. (2\. )?Then install the new one",
            "java-video": "Windows, there are also video instructions for the Java Runtime Environment",
        },
    ),
    (
        faq("beta-release"),
        {
            "beta-pre-production": r"\(pre-production\) version of a coming release",
            "beta-trade-and-test": "trade with it and test the new features",
            "beta-chosen-at-login": "choose it yourself at login",
            "beta-own-risk": "at your own risk",
            "beta-feedback": "feedback is welcome while the release is under construction",
            "beta-tests": "tested for a set period, both in-house and outside",
            "beta-becomes-production": "becomes the production release",
        },
    ),
    (
        faq("release-changes"),
        {
            "changes-login-page": "login page.*link to the release notes",
            "changes-both-releases": "for the beta release and for the production release",
            "changes-new-features": "in brief which features are new",
            "changes-fixed-problems": "which problems are fixed",
        },
    ),
    (
        faq("new-version"),
        {
            "version-wizard": "standalone TWS has an update wizard",
            "version-each-login": "each time you log in",
            "version-by-hand": "Start menu.*Programs.*Startup.*Check for TWS Updates",
            "version-browser": "browser-based TWS always runs the newest production release",
        },
    ),
    (
        faq("reinstall-tws"),
        {
            "reinstall-uninstall": "add/remove programs.*uninstall",
            "reinstall-page": "uninstall.*TWS Software page.*install TWS from there",
        },
    ),
    (
        faq("username-not-recognized"),
        {
            "recognized-wrong-name": "user name is wrong",
            "recognized-caps-lock": "check Caps Lock",
            "recognized-not-set-up": "account is not set up yet",
            "recognized-ten-times": "entered wrongly more than 10 times",
            "recognized-related": "My user name and password are refused",
        },
    ),
    (
        faq("more-information"),
        {
            "more-release-notes": "TWS Release Notes",
            "more-users-guide": "TWS User's Guide",
            "more-tutorials": "online tutorials",
            "more-customer-service": "Customer Service",
        },
    ),
    (
        faq("who-to-contact"),
        {
            "who-two-departments": "two departments",
            "who-customer-service": "Customer Service for trading, accounts, funding and execution",
            "who-tac": r"Technical Assistance Center \(TAC\) for connection problems and software",
            "who-call-while-there": "faster.*call while the problem is there",
            "who-computer-ready": "computer on and ready",
            "who-account-at-hand": "account information at hand",
            "who-email": TAC_EMAIL,
            "who-write-account": "user name and your account number",
            "who-write-summary": "detailed summary",
            "who-write-when": "when it happened, or when it happens",
            "who-write-system": "details of your system, if you can",
            "who-system-windows": "Windows version",
            "who-system-browser": "browser version, with its cipher strength",
            "who-system-network-cards": "brands of your network cards",
            "who-system-processor": "generation and speed of your processor",
            "who-system-memory": "memory",
            "who-system-internet": "kind of Internet connection",
            "who-system-tried": "anything you have done so far to solve the problem",
        },
    ),
    (
        faq("close-positions-offline"),
        {
            "close-desk-by-telephone": r"by telephone\. Call the trade order desk",
            "close-hours": "effectively 24 hours",
            "close-market-orders": "closing market orders only",
            "close-fee": "USD 30, or the equivalent",
            "close-commissions": "usual commissions come on top",
            "close-contact-point": "how to reach the trade order desk",
            "close-print-numbers": "print the list of telephone numbers",
            "close-keep-numbers": "keep it where you can find it",
            "close-related": "The platform keeps trying to connect",
        },
    ),
    (
        faq("windows-screenshot"),
        {
            "screenshot-whole-screen": r"whole screen, press Ctrl ?\+ ?Print Screen",
            "screenshot-one-window": r"one window, press Alt ?\+ ?Print Screen",
            "screenshot-paste": r"Ctrl ?\+ ?V to paste",
            "screenshot-editor": "text or image editor, such as Word",
            "screenshot-right-picture": "check that it is the right picture",
            "screenshot-save": "save the file",
            "screenshot-message-center": "Account Management and open the Message Center",
            "screenshot-ticket": "create a new web ticket",
            "screenshot-attach": "attach the file",
            "screenshot-from-tws": r"Ctrl ?\+ ?Alt ?\+ ?H in TWS",
            "screenshot-snapshot": "snapshot of the TWS screen",
            "screenshot-log-file": "uploads today's log file",
            "screenshot-window-for-text": r"window opens\. Type your text",
            "screenshot-checkbox": "box to include the picture of the screen",
            "screenshot-confirmation": r"submit it\. A second window confirms the upload",
            "screenshot-not-watched": "nobody at customer service watches these uploads during",
            "screenshot-tell-first": "current problem, tell the service desk before you upload",
            "screenshot-firewall": "behind a firewall or proxy the upload from TWS may fail",
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
