"""People of a restored organisation who share a login with somebody here."""

from __future__ import annotations

from pathlib import Path

from amparo.runtime.settings import Settings
from factories.command_line import PASSWORD, Amparo, command_line

LOGIN = "dara@riverside.example"


def let_in(amparo: Amparo, slug: str) -> None:
    words = ("user", "create", slug, LOGIN, "--name", "Dara", "--role", "administrator", "--password-stdin")
    amparo(*words, typed=f"{PASSWORD}\n")


def test_who_shares_a_login_is_listed_and_joined_only_when_that_is_said(
    amparo: Amparo, clinic_folder: Path, tmp_path: Path
) -> None:
    path, secret = tmp_path / "a.backup", tmp_path / "passphrase"
    secret.write_text(f"{PASSWORD}\n")
    here = command_line(Settings(home=tmp_path / "here"))
    for run, slug in ((amparo, "shared"), (here, "harbour")):
        run("org", "create", slug, "--definitions", clinic_folder)
        let_in(run, slug)
    amparo("backup", "shared", path, "--passphrase-file", secret)
    told = here("restore", path, "--passphrase-file", secret).stdout
    assert "People: 0 added, 0 were here already, 1 cannot sign in." in told
    assert f"{LOGIN} shares a login with somebody here and was not let in." in told
    assert f"amparo user create shared {LOGIN}" in told
    members = here("user", "list", "shared").stdout.splitlines()
    assert members[1].split() == [LOGIN, "Dara", "administrator", "no"]
    here("user", "create", "shared", LOGIN, "--name", "Dara", "--role", "reader")
    here("org", "remove", "shared", "--yes")
    joined = here("restore", path, "--join-people", "--passphrase-file", secret).stdout
    assert "People: 0 added, 1 were here already, 0 cannot sign in." in joined
    assert f"{LOGIN} was joined" in joined
    assert here("user", "list", "shared").stdout.splitlines()[1].split()[-1] == "yes"
