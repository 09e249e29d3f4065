"""The second factor: an app that shows codes, and recovery codes for a lost telephone."""

from __future__ import annotations

import re
from base64 import b32encode
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.crypto import salted_hmac
from django_otp import verify_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from helpdesk.accounts.random_codes import random_code

RECOVERY_CODES = 10
_RECOVERY_CODE_LENGTH = 10


def confirmed_device(user: AbstractBaseUser) -> TOTPDevice | None:
    """Return the user's app, if there is one. One query."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def unconfirmed_device(user: AbstractBaseUser) -> TOTPDevice | None:
    """Return the app that is being set up. One query."""
    return TOTPDevice.objects.filter(user=user, confirmed=False).first()


def recovery_codes_left(user: AbstractBaseUser) -> int:
    """Count the recovery codes that the user has not used yet."""
    return StaticToken.objects.filter(device__user=user, device__confirmed=True).count()


def start_setup(user: AbstractBaseUser) -> TOTPDevice:
    """Create an app with a new secret, to be confirmed; one of an earlier set-up that was not finished is deleted."""
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user, confirmed=False).delete()
        return TOTPDevice.objects.create(user=user, name="app", confirmed=False)


def confirm(device: TOTPDevice, code: str) -> bool:
    """Make the app the user's second factor, in the place of an earlier one, if this is its code now."""
    with transaction.atomic():
        verified = verify_token(device.user, device.persistent_id, _digits(code))
        if verified is None:
            return False
        TOTPDevice.objects.filter(user=device.user, confirmed=True).exclude(pk=device.pk).delete()
        TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
    return True


def new_recovery_codes(user: AbstractBaseUser) -> list[str]:
    """Replace all recovery codes by ten new ones, and return them. Only their hashes are stored."""
    codes = [random_code(_RECOVERY_CODE_LENGTH) for _ in range(RECOVERY_CODES)]
    with transaction.atomic():
        StaticDevice.objects.filter(user=user).delete()
        device = StaticDevice.objects.create(user=user, name="recovery codes", confirmed=True)
        StaticToken.objects.bulk_create(StaticToken(device=device, token=_hashed(code)) for code in codes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def remove(user: AbstractBaseUser) -> bool:
    """Delete the app and the recovery codes; false where there were none."""
    with transaction.atomic():
        apps, _per_model = TOTPDevice.objects.filter(user=user).delete()
        codes, _per_model = StaticDevice.objects.filter(user=user).delete()
    return bool(apps or codes)


def is_recovery_code(code: str) -> bool:
    """Tell a recovery code from six digits by its form."""
    return not _digits(code)


def verify(user: AbstractBaseUser, code: str) -> Any:
    """Return the device that accepts this code, and use the code up; None for a wrong one, or while the device waits.

    After each wrong code in a row the device waits twice as long before it looks at another one (django-otp).
    """
    if is_recovery_code(code):
        device: Any = StaticDevice.objects.filter(user=user, confirmed=True).first()
        given = _hashed(re.sub(r"[^a-z0-9]", "", code.lower())[:50])
    else:
        device, given = confirmed_device(user), _digits(code)
    return verify_token(user, device.persistent_id, given) if device else None


def _digits(code: str) -> str:
    """Return the six digits, without the blanks that apps show among them; empty for anything else."""
    bare = re.sub(r"[\s-]", "", code)
    return bare if re.fullmatch(r"[0-9]{6}", bare) else ""


def _hashed(code: str) -> str:
    return salted_hmac("helpdesk.accounts.recovery", code, algorithm="sha256").hexdigest()[:16]


def in_groups(secret: bytes) -> str:
    """Encode a secret in Base32, as apps take it, in groups of four letters."""
    letters = b32encode(secret).decode().rstrip("=")
    return " ".join(letters[start : start + 4] for start in range(0, len(letters), 4))
