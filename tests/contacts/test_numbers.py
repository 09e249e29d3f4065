"""Ways people write telephone numbers: what visitors read and their telephone dials, or the sentence that refuses."""

import pytest

from helpdesk.contacts.numbers import InvalidNumber, parse, stored_number

# Typed; shown to visitors; dialed.
ACCEPTED = [
    ("1 877 442 2757", "1 877 442 2757", "tel:+18774422757"),
    ("1-877-442-2757", "1 877 442 2757", "tel:+18774422757"),
    ("18774422757", "1 877 442 2757", "tel:+18774422757"),
    ("1 (877) 442.2757", "1 877 442 2757", "tel:+18774422757"),
    ("+1 (312) 542-6901", "+1 312 542 6901", "tel:+13125426901"),
    ("+1 312/542/6901", "+1 312 542 6901", "tel:+13125426901"),
    ("tel:+13125426901", "+1 312 542 6901", "tel:+13125426901"),
    ("Phone: +1 312 542 6901", "+1 312 542 6901", "tel:+13125426901"),
    ("+1\u00a0312\u202f542\u20116901", "+1 312 542 6901", "tel:+13125426901"),
    ("\u202a+1 312 542 6901\u202c", "+1 312 542 6901", "tel:+13125426901"),
    ("＋１ ３１２ ５４２ ６９０１", "+1 312 542 6901", "tel:+13125426901"),
    ("+١ ٣١٢ ٥٤٢ ٦٩٠١", "+1 312 542 6901", "tel:+13125426901"),
    ("+44 (0)20 7710 5600", "+44 20 7710 5600", "tel:+442077105600"),
    ("(+44) 20 7710 5600", "+44 20 7710 5600", "tel:+442077105600"),
    ("0044 20 7710 5600", "+44 20 7710 5600", "tel:+442077105600"),
    ("011 44 20 7710 5600", "+44 20 7710 5600", "tel:+442077105600"),
    ("+44 800 026 3267", "0800 026 3267", "tel:+448000263267"),
    ("+39 06 6982", "+39 06 6982", "tel:+39066982"),
    ("+61 2 7251 0088", "+61 2 7251 0088", "tel:+61272510088"),
    ("+1 514 847 3499", "+1 514 847 3499", "tel:+15148473499"),
    ("1-800-FLOWERS", "1-800-FLOWERS", "tel:+18003569377"),
    ("+1 800 GO-FEDEX", "1 800 GO-FEDEX", "tel:+18004633339"),
    ("+1 312 542 6901 ext. 123", "+1 312 542 6901", "tel:+13125426901;ext=123"),
    ("1 877 442 2757 x123", "1 877 442 2757", "tel:+18774422757;ext=123"),
    ("+1-312-542-6901;ext=123", "+1 312 542 6901", "tel:+13125426901;ext=123"),
    ("+1 312 542 6901, extension 7", "+1 312 542 6901", "tel:+13125426901;ext=7"),
    ("+1 312 542 6901,,123", "+1 312 542 6901", "tel:+13125426901;ext=123"),
    ("+1 (312) 542-6901 (Ext.: 12)", "+1 312 542 6901", "tel:+13125426901;ext=12"),
    ("T: +1 312 542 6901 EXT12", "+1 312 542 6901", "tel:+13125426901;ext=12"),
    ("Mobile number: ++1 312 542 6901", "+1 312 542 6901", "tel:+13125426901"),
    ("+800 1234 5678", "+800 1234 5678", "tel:+80012345678"),
    ("+1 312 542 6901 #45", "+1 312 542 6901", "tel:+13125426901;ext=45"),
]
# Typed, with a part of the sentence that refuses it.
REFUSED = [
    ("(312) 542-6901", "has no country code. Do you mean +1 312 542 6901?"),
    ("44 20 7710 5600", "has no country code. Do you mean +44 20 7710 5600?"),
    ("020 7710 5600", "has no country code. Begin with + and the code"),
    ("135 1234 5678", "has no country code. Begin with + and the code"),
    ("+1 312 542 6901 / +1 877 442 2757", "has two numbers. Enter one here, and add a line for the other."),
    ("1 877 442 2757 or 1 312 542 6901", "has two numbers."),
    ("+1 312 542 6901 +1 877 442 2757", "has two numbers."),
    ("+49 (0)30 123456 / 123457", "has two numbers."),
    ("+41 44 668 18 00 or 01", "has two numbers."),
    ("1 877 442 2757 1 312 542 6901", "has too many digits. If it is two numbers, add a line for the other."),
    ("+1 312 542", "has too few digits. Enter the whole number"),
    ("+1 312 042 6901", "isn't a number in use with the country code +1. Check each digit."),
    ("+999 312 542 6901", "No country has the code"),
    ("911", "is a short number, which doesn't work from everywhere."),
    ("112", "is a short number"),
    ("ask at the desk", "isn't a number. Enter digits with the country code"),
    ("+1 312 CALL US NOW PLEASE", "isn't a number."),
    ("", "Enter a number with its country code, such as +1 312 542 6901."),
    ("ext. 12", "Enter a number with its country code"),
]


@pytest.mark.parametrize(("typed", "shown", "dialed"), ACCEPTED)
def test_number_is_shown_and_dialed_as_it_was_meant(typed, shown, dialed):
    number = parse(typed)
    assert (number.shown(toll_free=number.is_toll_free), number.href) == (shown, dialed)
    again = stored_number(number.text, number.extension)
    assert (again.shown(toll_free=number.is_toll_free), again.href) == (shown, dialed), "stored, it stays the same"


@pytest.mark.parametrize(("typed", "sentence"), REFUSED)
def test_text_that_is_not_one_number_is_refused_with_what_to_do(typed, sentence):
    with pytest.raises(InvalidNumber, match=r"\.$|\?.*\.$") as refused:
        parse(typed)
    assert sentence in str(refused.value)


def test_extension_is_given_once():
    assert parse("+1 312 542 6901", "12").href == "tel:+13125426901;ext=12"
    assert parse("+1 312 542 6901 x12", "12").extension == "12"
    with pytest.raises(InvalidNumber, match="Enter it once"):
        parse("+1 312 542 6901 x12", "13")


@pytest.mark.parametrize(
    ("stored", "dialed"),
    [
        ("0203 000 0000", "tel:02030000000"),
        ("ask at the desk", ""),
        ("1-877-442-2757", "tel:+18774422757"),
        ("call 555 or 556", ""),
        ("0800 WARUM 1", ""),
        ("+999 312 542", "tel:+999312542"),
        ("+49 (0)30 123456 / 123457", ""),
    ],
)
def test_number_of_an_earlier_version_is_kept_and_dialed_as_it_is(stored, dialed):
    assert stored_number(stored, "").href == dialed
    assert stored_number(stored, "").shown(toll_free=False) in (stored, "+1 877 442 2757")
