from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest

from helpdesk import environment
from helpdesk.environment import WrongSetting

ROOT = Path("/data")
LOG_LEVELS = ("INFO", "WARNING")
URL_SENTENCE = "PUBLIC_URL must be scheme and host, such as https://help.example.com, not “{}”."


def read(name, value, data_dir=ROOT):
    """Return the setting that is read from this variable with this value."""
    env = {name: value}
    return {
        "PORT": lambda: environment.integer(env, "PORT", 8000, lowest=1, highest=65535),
        "DEBUG": lambda: environment.switch(env, "DEBUG"),
        "REQUIRE_2FA": lambda: environment.switch(env, "REQUIRE_2FA"),
        "LOG_LEVEL": lambda: environment.choice(env, "LOG_LEVEL", "INFO", LOG_LEVELS),
        "HOST": lambda: environment.listening_address(env, "HOST", "127.0.0.1"),
        "ALLOWED_HOSTS": lambda: environment.hosts(env, "ALLOWED_HOSTS", ["localhost"]),
        "PUBLIC_URL": lambda: environment.web_address(env, "PUBLIC_URL"),
        "TIME_ZONE": lambda: environment.time_zone(env, "TIME_ZONE", "UTC"),
        "PORTAL_NAME": lambda: environment.text(env, "PORTAL_NAME", "Login help", longest=20),
        "SECRET_KEY": lambda: environment.secret_key(env, "SECRET_KEY", data_dir / "secret_key"),
        "CACHE_URL": lambda: environment.cache(env, "CACHE_URL"),
        "DATABASE_URL": lambda: environment.database(env, "DATABASE_URL", data_dir),
    }[name]()


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("PORT", "", 8000),
        ("PORT", " 8001 ", 8001),
        ("DEBUG", "", False),
        ("DEBUG", "0", False),
        ("DEBUG", "1", True),
        ("REQUIRE_2FA", "", False),
        ("REQUIRE_2FA", "1", True),
        ("LOG_LEVEL", "", "INFO"),
        ("LOG_LEVEL", "warning", "WARNING"),
        ("HOST", "", "127.0.0.1"),
        ("HOST", "localhost", "127.0.0.1"),
        ("HOST", "0.0.0.0", "0.0.0.0"),
        ("HOST", "::", "::"),
        ("ALLOWED_HOSTS", "", ["localhost"]),
        ("ALLOWED_HOSTS", " , ", ["localhost"]),
        ("ALLOWED_HOSTS", "a.example, .b.example,[::1],10.0.0.1", ["a.example", ".b.example", "[::1]", "10.0.0.1"]),
        ("ALLOWED_HOSTS", "*", ["*"]),
        ("PUBLIC_URL", "", ""),
        ("PUBLIC_URL", "https://Help.example.com/", "https://help.example.com"),
        ("PUBLIC_URL", "http://10.0.0.1:8000", "http://10.0.0.1:8000"),
        ("PUBLIC_URL", "http://[::1]:8000", "http://[::1]:8000"),
        ("TIME_ZONE", "", "UTC"),
        ("TIME_ZONE", "Europe/Zurich", "Europe/Zurich"),
        ("PORTAL_NAME", "", "Login help"),
        ("PORTAL_NAME", " Help ", "Help"),
        ("SECRET_KEY", "0123456789" * 5, "0123456789" * 5),
    ],
)
def test_value_in_the_form_the_settings_need(name, value, expected):
    assert read(name, value) == expected


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORT", "http", "PORT must be a whole number from 1 to 65535, not “http”."),
        ("PORT", "0", "PORT must be a whole number from 1 to 65535, not “0”."),
        ("PORT", "65536", "PORT must be a whole number from 1 to 65535, not “65536”."),
        ("PORT", "-1", "PORT must be a whole number from 1 to 65535, not “-1”."),
        ("PORT", "8_0", "PORT must be a whole number from 1 to 65535, not “8_0”."),
        ("PORT", "٨", "PORT must be a whole number from 1 to 65535, not “٨”."),
        ("DEBUG", "true", "DEBUG must be 1 (on) or 0 (off), not “true”."),
        ("REQUIRE_2FA", "yes", "REQUIRE_2FA must be 1 (on) or 0 (off), not “yes”."),
        ("LOG_LEVEL", "loud", "LOG_LEVEL must be one of INFO, WARNING, not “loud”."),
        ("HOST", "example.com", "HOST must be an IP address such as 127.0.0.1 or 0.0.0.0, not “example.com”."),
        (
            "ALLOWED_HOSTS",
            "https://a.example",
            "ALLOWED_HOSTS must be host names with commas between them, such as help.example.com, "
            "not “https://a.example”.",
        ),
        (
            "ALLOWED_HOSTS",
            "a.example b.example",
            "ALLOWED_HOSTS must be host names with commas between them, such as help.example.com, "
            "not “a.example b.example”.",
        ),
        ("PUBLIC_URL", "help.example.com", URL_SENTENCE.format("help.example.com")),
        ("PUBLIC_URL", "https://", URL_SENTENCE.format("https:")),
        ("PUBLIC_URL", "https://help.example.com/login", URL_SENTENCE.format("https://help.example.com/login")),
        ("PUBLIC_URL", "https://me:pw@help.example.com", URL_SENTENCE.format("https://me:pw@help.example.com")),
        ("PUBLIC_URL", "ftp://help.example.com", URL_SENTENCE.format("ftp://help.example.com")),
        ("TIME_ZONE", "Mars", "TIME_ZONE must be a time zone such as UTC or Europe/Zurich, not “Mars”."),
        ("TIME_ZONE", "../UTC", "TIME_ZONE must be a time zone such as UTC or Europe/Zurich, not “../UTC”."),
        ("PORTAL_NAME", "x" * 21, "PORTAL_NAME must be one line of at most 20 characters."),
        ("PORTAL_NAME", "a\nb", "PORTAL_NAME must be one line of at most 20 characters."),
        ("SECRET_KEY", "short", "SECRET_KEY must be at least 50 random characters."),
        ("SECRET_KEY", "x" * 60, "SECRET_KEY must be at least 50 random characters."),
        ("CACHE_URL", "memcached://localhost", "CACHE_URL must be an address such as redis://localhost:6379/0."),
        ("CACHE_URL", "redis://", "CACHE_URL must be an address such as redis://localhost:6379/0."),
        ("DATABASE_URL", "mysql://a:b@c/d", "DATABASE_URL must start with postgres:// or sqlite:///, not “mysql”."),
        (
            "DATABASE_URL",
            "postgres://user:secret@host:port/name",
            "DATABASE_URL is not a valid address: write it as postgres://user:password@host/name.",
        ),
        (
            "DATABASE_URL",
            "postgres://user:secret@host",
            "DATABASE_URL must name a database, such as postgres://user:password@host/name.",
        ),
        (
            "DATABASE_URL",
            "sqlite://:memory:",
            "DATABASE_URL must name a database, such as postgres://user:password@host/name.",
        ),
    ],
)
def test_wrong_value_is_refused_with_one_clear_line(name, value, sentence):
    with pytest.raises(WrongSetting) as refusal:
        read(name, value)
    assert str(refusal.value) == sentence


def test_database_is_a_file_of_the_data_folder_by_default(tmp_path):
    database = read("DATABASE_URL", "", tmp_path)
    assert database["ENGINE"] == "django.db.backends.sqlite3"
    assert database["NAME"] == str(tmp_path / "portal.sqlite3")
    assert database["CONN_MAX_AGE"] is None
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in database["OPTIONS"]["init_command"]
    assert "synchronous=FULL" in database["OPTIONS"]["init_command"]


def test_postgresql_has_a_pool_and_keeps_the_options_of_its_address():
    assert read("DATABASE_URL", "postgres://me:p%40ss@db:5433/portal?sslmode=require") == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "portal",
        "USER": "me",
        "PASSWORD": "p@ss",
        "HOST": "db",
        "PORT": 5433,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": False,
        "OPTIONS": {
            "pool": {"min_size": 1, "max_size": 4, "timeout": 2, "reconnect_timeout": 0.5},
            "sslmode": "require",
        },
    }


def test_cache_is_a_table_of_the_database_by_default():
    assert read("CACHE_URL", "")["BACKEND"] == "django.core.cache.backends.db.DatabaseCache"


def test_cache_is_redis_when_its_address_is_given():
    cache = read("CACHE_URL", "redis://cache:6379/1")
    assert cache["BACKEND"] == "django.core.cache.backends.redis.RedisCache"
    assert cache["LOCATION"] == "redis://cache:6379/1"


def test_data_folder_is_made(tmp_path):
    wanted = tmp_path / "a" / "b"
    assert environment.directory({"DATA_DIR": str(wanted)}, "DATA_DIR", ROOT) == wanted
    assert wanted.is_dir()


def test_data_folder_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    wanted = tmp_path / "file" / "data"
    with pytest.raises(WrongSetting) as refusal:
        environment.directory({"DATA_DIR": str(wanted)}, "DATA_DIR", ROOT)
    assert str(refusal.value) == f"DATA_DIR: cannot write in {wanted} (Not a directory). Choose another folder."


def test_secret_key_is_made_once_for_this_user_only(tmp_path):
    first = read("SECRET_KEY", "", tmp_path)
    assert len(first) >= environment.MIN_SECRET_LENGTH
    assert read("SECRET_KEY", "", tmp_path) == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_secret_key_file_without_a_key_is_refused(tmp_path):
    (tmp_path / "secret_key").write_text("\n")
    with pytest.raises(WrongSetting) as refusal:
        read("SECRET_KEY", "", tmp_path)
    assert str(refusal.value) == (
        f"SECRET_KEY: {tmp_path / 'secret_key'} holds no usable key. Delete the file, and a new one is made."
    )


def _read_at_once(path, barrier, answers):
    barrier.wait()
    answers.put(environment.secret_key({}, "SECRET_KEY", path))


def test_processes_that_start_at_once_have_the_same_secret_key(tmp_path):
    # Forked, and each from here on its own: they reach for the missing file in the same moment.
    context = multiprocessing.get_context("spawn")
    barrier, answers = context.Barrier(4), context.Queue()
    processes = [
        context.Process(target=_read_at_once, args=(tmp_path / "secret_key", barrier, answers)) for _ in range(4)
    ]
    for process in processes:
        process.start()
    keys = {answers.get(timeout=30) for _ in processes}
    for process in processes:
        process.join()
    assert keys == {(tmp_path / "secret_key").read_text()}
