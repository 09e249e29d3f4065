"""Access to each address under /admin/, by role: one line for each.

Rights grow from left to right: ANYBODY, STAFF (signed in, with no role at all), AGENT, AUTHOR, EDITOR, ADMINISTRATOR,
SUPERUSER, NOBODY. A line says from whom on an address can be looked at (`get`) and used (`post`). NO: there is no such
method (405). UNTOLD: not asked here, for the reason beside it.

To add a page: a line in ADDRESSES, under its name; for a new kind of record a line in RECORDS, and how to make one in
tests/contentadmin/records.py; for a new action of a list a line in ACTIONS; for a new argument in an address its value
in `arguments`.
"""

from __future__ import annotations

from dataclasses import dataclass

ANYBODY, STAFF, AGENT, AUTHOR, EDITOR, ADMINISTRATOR, SUPERUSER, NOBODY = range(8)
NO, UNTOLD = -1, -2


@dataclass(frozen=True)
class Access:
    get: int
    post: int
    # The same for a record that is a draft, where that makes a difference.
    draft_post: int | None = None
    draft_get: int | None = None


@dataclass(frozen=True)
class Rights:
    """To one kind of record; a draft of it may be more open."""

    look: int
    add: int = NOBODY
    change: int = NOBODY
    delete: int = NOBODY
    draft_change: int | None = None
    draft_delete: int | None = None
    with_history: bool = False
    with_preview: bool = False


PAGE = Rights(
    AUTHOR, AUTHOR, EDITOR, EDITOR, draft_change=AUTHOR, draft_delete=AUTHOR, with_history=True, with_preview=True
)
SHARED = Rights(AUTHOR, AUTHOR, EDITOR, EDITOR, draft_change=AUTHOR, with_history=True, with_preview=True)
EDITORS_ONLY = Rights(AUTHOR, EDITOR, EDITOR, EDITOR, with_history=True, with_preview=True)
TO_LOOK_AT = Rights(AUTHOR)

RECORDS = {
    "guides.guide": PAGE,
    "guides.situationgroup": PAGE,
    "guides.symptom": PAGE,
    "guides.cause": SHARED,
    "guides.resolution": SHARED,
    "guides.contactpoint": EDITORS_ONLY,
    "guides.contactline": EDITORS_ONLY,
    "outside.outsidepage": Rights(AUTHOR, EDITOR, EDITOR, EDITOR, with_history=True),
    "identity.identity": Rights(AUTHOR, NOBODY, EDITOR, EDITOR, with_history=True),  # there is one already
    "faq.faqcategory": EDITORS_ONLY,
    "faq.faqentry": PAGE,
    "legal.legaltext": PAGE,
    "announcements.announcement": Rights(AUTHOR, EDITOR, EDITOR, EDITOR, with_history=True),
    "search.synonym": Rights(AUTHOR, AUTHOR, AUTHOR, EDITOR, with_history=True),
    "search.promise": Rights(AUTHOR, AUTHOR, AUTHOR, EDITOR, with_history=True),
    "search.search": TO_LOOK_AT,
    "feedback.outcome": TO_LOOK_AT,
    "feedback.handoff": TO_LOOK_AT,
    "feedback.unmatchedwords": TO_LOOK_AT,
    "images.image": Rights(AUTHOR, AUTHOR, AUTHOR, EDITOR, with_history=True),
    "links.helpnumber": TO_LOOK_AT,
    "links.formeraddress": TO_LOOK_AT,
    "links.deadaddress": TO_LOOK_AT,
    "links.redirect": Rights(AUTHOR, EDITOR, EDITOR, EDITOR, with_history=True),
    "auth.user": Rights(ADMINISTRATOR, ADMINISTRATOR, ADMINISTRATOR),
    "auth.group": Rights(SUPERUSER, SUPERUSER, SUPERUSER, SUPERUSER),
    "accounts.staffevent": Rights(ADMINISTRATOR),
    "accounts.loggedchange": Rights(ADMINISTRATOR),
    "accounts.failedsignins": Rights(ADMINISTRATOR),
}


def addresses_of(label: str, rights: Rights) -> dict[str, Access]:
    """The lines of the pages that Django and the history make for each kind of record."""
    name = f"admin:{label.replace('.', '_')}"
    lines = {
        f"{name}_changelist": Access(rights.look, rights.look),
        f"{name}_add": Access(rights.add, rights.add),
        f"{name}_change": Access(rights.look, rights.change, rights.draft_change),
        f"{name}_history": Access(rights.look, rights.look),
        f"{name}_delete": Access(rights.delete, rights.delete, rights.draft_delete, rights.draft_delete),
        # Without a name: an old form of the record's address, which leads to the present one.
        f"admin/{label.replace('.', '/')}/<path:object_id>/": Access(STAFF, STAFF),
    }
    if rights.with_history:
        lines[f"{name}_simple_history"] = Access(rights.look, rights.change, rights.draft_change)
        lines[f"{name}_history_at"] = Access(rights.look, rights.look)
        lines[f"{name}_deleted"] = Access(rights.look, rights.look)
    if rights.with_preview:
        # Looking at it leads back to the form.
        lines[f"{name}_add_preview"] = Access(STAFF, rights.add)
        lines[f"{name}_preview"] = Access(STAFF, rights.change, rights.draft_change)
    return lines


ADDRESSES = {
    "admin:index": Access(STAFF, STAFF),
    "admin:app_list": Access(AUTHOR, AUTHOR),
    # Signing in and out
    "admin:login": Access(ANYBODY, ANYBODY),
    "admin:login-code": Access(ANYBODY, ANYBODY),
    "admin:logout": Access(UNTOLD, ANYBODY),  # looking at it: nobody is there to be signed out, or NO
    # One's own account
    "admin:account": Access(STAFF, NO),
    "admin:sign-out-everywhere": Access(NO, STAFF),
    "admin:password_change": Access(STAFF, STAFF),
    "admin:password_change_done": Access(STAFF, NO),
    "admin:second-factor": Access(STAFF, STAFF),
    "admin:second-factor-set-up": Access(STAFF, STAFF),
    # Without a second factor there is nothing to change.
    "admin:second-factor-codes": Access(NO, NOBODY),
    "admin:second-factor-remove": Access(NO, NOBODY),
    # The accounts of others
    "admin:auth_user_sign_in": Access(ADMINISTRATOR, ADMINISTRATOR),
    # What pages ask for by themselves
    "admin:autocomplete": Access(AUTHOR, NO),
    "admin:jsi18n": Access(STAFF, NO),
    "admin:markdown-preview": Access(NO, STAFF),
    "admin:view_on_site": Access(STAFF, STAFF),
    "admin:images_image_upload": Access(NO, AUTHOR),
    "admin:images_image_offered": Access(AUTHOR, AUTHOR),
    "admin:links_redirect_pages": Access(AUTHOR, AUTHOR),
    # Addresses
    "admin:links_formeraddress_end": Access(EDITOR, EDITOR),
    "admin:links_deadaddress_decide": Access(NO, EDITOR),
    # Announcements
    "admin:announcements_announcement_start": Access(EDITOR, EDITOR),
    "admin:announcements_announcement_end": Access(NO, EDITOR),
    # Ticket links
    "tickets": Access(STAFF, NO),
    "ticket-suggestions": Access(STAFF, NO),
    "ticket": Access(STAFF, NO),
    # Out and in
    "bundles": Access(AUTHOR, NO),
    "bundles-export": Access(AUTHOR, NO),
    "bundles-export-faq": Access(AUTHOR, NO),
    "bundles-import": Access(AUTHOR, AUTHOR),
    "bundles-decide": Access(NOBODY, NOBODY),  # a file that somebody else uploaded
    # The work list, flags, the map of a guide
    "work": Access(AUTHOR, NO),
    "check-pages": Access(NO, AUTHOR),
    "reviewed": Access(NO, EDITOR),
    "guide-map": Access(AUTHOR, NO),
    "admin:flag": Access(NO, AUTHOR),
    "admin:flag-done": Access(NO, EDITOR),  # or whoever set it
    # Reports
    "admin:check-everything": Access(AUTHOR, NO),
    "admin:search_search_in_vain": Access(AUTHOR, AUTHOR),
    # The public pages as staff see them
    "preview:home": Access(STAFF, NO),
    "preview:contact-points": Access(STAFF, NO),
    "preview:guides": Access(STAFF, NO),
    "preview:guide": Access(STAFF, NO),
    "preview:none": Access(STAFF, STAFF),
    "preview:symptom": Access(STAFF, NO),
    "preview:all": Access(STAFF, NO),
    "preview:check": Access(STAFF, STAFF),
    "preview:fix": Access(STAFF, STAFF),
    "preview:fixed": Access(STAFF, NO),
    "preview:found": Access(STAFF, NO),
    "preview:reminder": Access(UNTOLD, NO),  # there is none unless the resolution says how long to wait
    "preview:contact": Access(STAFF, STAFF),
    "preview:faq": Access(STAFF, NO),
    "preview:faq-topic": Access(STAFF, NO),
    "preview:faq-entry": Access(STAFF, NO),
    "preview:guide-by-number": Access(STAFF, NO),
    "preview:symptom-by-number": Access(STAFF, NO),
    "preview:faq-entry-by-number": Access(STAFF, NO),
    "preview:legal-text": Access(STAFF, NO),
    "preview:legal-text-by-number": Access(STAFF, NO),
    "preview:handoff": Access(STAFF, NO),
    "styleguide": Access(STAFF, NO),
    # Everything else is not there.
    "admin/(?P<url>.*)$": Access(NOBODY, NOBODY),
}
for _label, _rights in RECORDS.items():
    ADDRESSES |= addresses_of(_label, _rights)

# From whom on an action of a list is offered. Whether it may be done to each of the chosen records is asked as well.
ACTIONS = {
    "publish_now": EDITOR,
    "publish_with_situations": EDITOR,
    "back_to_draft": EDITOR,
    "archive_now": EDITOR,
    "delete_selected": None,  # who may delete records of that kind
    "end_lock_out": ADMINISTRATOR,
    "export_as_bundle": AUTHOR,
    "leave_gone": EDITOR,
    "put_aside": EDITOR,
}
