"""An administrator, what a page of the administration posts, and what it says is wrong."""

from typing import Any

from django.contrib.auth.models import Group

from parties.models import User

PASSWORD = "Bergslagen-27-tallar"


def make_administrator() -> User:
    user = User.objects.create_superuser("adm01", password=PASSWORD, name="Alva Dahl")
    user.groups.add(Group.objects.get(name="Systemförvaltare"))
    return user


def inline(prefix: str, *rows: dict[str, Any], initial: int = 0) -> dict[str, Any]:
    data: dict[str, Any] = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
    return data | {f"{prefix}-{i}-{field}": value for i, row in enumerate(rows) for field, value in row.items()}


def errors(response: Any) -> str:
    """All that the page of a form says is wrong."""
    assert response.status_code == 200
    forms = [response.context["adminform"].form, *response.context["inline_admin_formsets"]]
    found = [str(forms[0].errors)]
    for wrapper in forms[1:]:
        found += [str(wrapper.formset.non_form_errors()), *(str(form.errors) for form in wrapper.formset.forms)]
    return " ".join(found)
