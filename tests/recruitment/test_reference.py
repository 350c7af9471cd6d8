from django.core.management import call_command


def test_load_twice_changes_nothing(db, capsys):
    call_command("load_reference", verbosity=1)
    assert capsys.readouterr().out == "Reference data is loaded.\n"
