"""The second factor: an app that shows codes, and recovery codes for the day the telephone is gone."""

from __future__ import annotations

import re
import secrets
from typing import Any

from django.db import transaction
from django.utils.crypto import salted_hmac
from django_otp import verify_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

RECOVERY_CODES = 10

# No letters or digits that look alike: 31 of them, so that ten are 49 bits.
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_LENGTH = 10


def of(user: Any) -> TOTPDevice | None:
    """The user's app; None where he has none. One query."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def recovery_codes_left(user: Any) -> int:
    """How many recovery codes the user has not used yet."""
    return StaticToken.objects.filter(device__user=user, device__confirmed=True).count()


def begin(user: Any) -> TOTPDevice:
    """An app to be set up, with a new secret; one that was begun before and never finished is forgotten."""
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user, confirmed=False).delete()
        return TOTPDevice.objects.create(user=user, name="app", confirmed=False)


def begun(user: Any) -> TOTPDevice | None:
    """The app that is being set up."""
    return TOTPDevice.objects.filter(user=user, confirmed=False).first()


def confirm(device: TOTPDevice, code: str) -> bool:
    """Makes the app the user's second factor, in the place of one he had, if this is its code now."""
    with transaction.atomic():
        verified = verify_token(device.user, device.persistent_id, _digits(code))
        if verified is None:
            return False
        TOTPDevice.objects.filter(user=device.user, confirmed=True).exclude(pk=device.pk).delete()
        TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
    return True


def new_recovery_codes(user: Any) -> list[str]:
    """Ten new codes, in the place of all there were. What is stored does not give them away."""
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH)) for _ in range(RECOVERY_CODES)]
    with transaction.atomic():
        StaticDevice.objects.filter(user=user).delete()
        device = StaticDevice.objects.create(user=user, name="recovery codes", confirmed=True)
        StaticToken.objects.bulk_create(StaticToken(device=device, token=_stored(code)) for code in codes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def remove(user: Any) -> bool:
    """Takes the app and the recovery codes away, and says whether there were any."""
    with transaction.atomic():
        apps, _ = TOTPDevice.objects.filter(user=user).delete()
        codes, _ = StaticDevice.objects.filter(user=user).delete()
    return bool(apps or codes)


def is_recovery_code(code: str) -> bool:
    """Whether somebody typed a recovery code, by its looks."""
    return not _digits(code).isdecimal() or len(_digits(code)) != 6


def verify(user: Any, code: str) -> Any:
    """The device that knows this code, which is used up by that; None for a wrong one, or while it may not be asked.

    After each wrong code in a row the device waits twice as long before it looks at another one (django-otp).
    """
    if is_recovery_code(code):
        device: Any = StaticDevice.objects.filter(user=user, confirmed=True).first()
        given = _stored(re.sub(r"[^a-z0-9]", "", code.lower())[:50])
    else:
        device, given = of(user), _digits(code)
    return verify_token(user, device.persistent_id, given) if device else None


def _digits(code: str) -> str:
    """The six digits, without the blanks that apps show among them; empty for anything else."""
    bare = re.sub(r"[\s-]", "", code)
    return bare if re.fullmatch(r"[0-9]{6}", bare) else ""


def _stored(code: str) -> str:
    return salted_hmac("helpdesk.accounts.recovery", code, algorithm="sha256").hexdigest()[:16]
