import pytest

from sesgate.evidence.environment.go_scalars import as_written_out


@pytest.mark.parametrize(
    ("plain", "text"),
    [
        ("True", "true"),
        ("yes", "yes"),
        ("0", "0"),
        ("08", "8"),
        ("0o17", "15"),
        ("0b101", "5"),
        ("-0x10", "-16"),
        ("+7", "7"),
        ("1.0", "1"),
        ("1.50", "1.5"),
        ("1e3", "1000"),
        ("123456.7", "123456.7"),
        ("1234567.5", "1.2345675e+06"),
        ("0.00001", "1e-05"),
        ("0.0001", "0.0001"),
        ("-0.0", "-0"),
        ("18446744073709551615", "18446744073709551615"),
        ("99999999999999999999", "1e+20"),
        ("12:30", "12:30"),
        ("1.2.3", "1.2.3"),
        ("_1", "_1"),
        ("1e999", "1e999"),
        ("٣", "٣"),
        ("", ""),
    ],
)
def test_what_go_makes_of_it(plain: str, text: str) -> None:
    assert as_written_out(plain) == text
