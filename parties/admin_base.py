"""What every page of the administration shares: whole checks, narrow saves, ledgers that are only read.

Django's classes here are generic only to the type checker, so the base classes leave their parameter open.
"""

from typing import Any, ClassVar

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.db import DatabaseError, DataError, IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from .looks import Act, Patients, note_access

admin.site.enable_nav_sidebar = False  # the lists are wide; the way back stands at the top


class ConstraintForm(forms.ModelForm):  # type: ignore[type-arg]  # generic to the type checker only
    """A form that asks all the model's constraints, also those about fields that the form does not show.

    Django leaves out a constraint that names such a field; the database would then refuse the row with an error page.
    """

    unasked: ClassVar[set[str]] = set()
    """Fields whose constraints somebody else asks."""

    def validate_constraints(self) -> None:
        try:
            self.instance.validate_constraints(exclude={*self.errors, *self.unasked})
        except forms.ValidationError as error:
            self.add_error(None, error)


class SesamAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic to the type checker only
    form = ConstraintForm
    list_per_page = 50
    actions = None  # nothing is removed by the dozen
    show_full_result_count = False  # a ledger of a million rows is not counted twice
    show_facets = admin.ShowFacets.NEVER  # nor once for each value of each filter

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Write only the changed columns, so that what an operation changes meanwhile (a balance) is left alone."""
        if not change:
            obj.save()
            return
        concrete = {field.name for field in obj._meta.concrete_fields}
        obj.save(update_fields=concrete & (set(form.changed_data) | self.derived_fields(form)))

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing: the database keeps the history of all changes, also of those made elsewhere.

        Django's own would keep a patient's name, also after it has become protected.
        """

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing, as above."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Nothing, as above."""

    def derived_fields(self, form: Any) -> set[str]:
        """Fields that the form sets without showing them."""
        return set()

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A rule that only the database can see (a trigger, another person's row just now) is said, not a 500."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except (DataError, IntegrityError) as error:
            return self._refused(request, error)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = super().changelist_view(request, *args, **kwargs)
        except (DataError, IntegrityError) as error:
            return self._refused(request, error)
        changelist = getattr(response, "context_data", {}).get("cl")
        for obj in changelist.result_list if changelist else ():
            note_access(request, self.patients_of(obj), Act.ADMIN_LIST, about=self.about_of(obj))
        return response

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """What every page of one object asks for: to change, to remove, its history."""
        obj = super().get_object(request, *args, **kwargs)
        if obj is not None:
            note_access(request, self.patients_of(obj), Act.ADMIN, about=self.about_of(obj))
        return obj

    def patients_of(self, obj: Any) -> Patients:
        """Whom a row or page of the object shows, for the access log; an administration of such objects says so."""
        return None

    def about_of(self, obj: Any) -> str:
        """The object in the access log, without saying who the patient is."""
        return f"{self.opts.verbose_name} {obj.pk}"

    def _refused(self, request: HttpRequest, error: DatabaseError) -> HttpResponse:
        self.message_user(request, _sentence(error), messages.ERROR)
        return HttpResponseRedirect(request.get_full_path() if request.method == "POST" else request.path)


class ReadOnly:
    """A ledger or what follows from one: to look at, never to change. Errors are mended by new entries."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(ReadOnly, SesamAdmin):
    pass


class SesamInline(admin.TabularInline):  # type: ignore[type-arg]  # generic to the type checker only
    form = ConstraintForm
    extra = 1


class ReadOnlyInline(ReadOnly, SesamInline):
    extra = 0
    can_delete = False


def _sentence(error: DatabaseError) -> str:
    """The violated constraint's own sentence, if it has one."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if (
                constraint.name == name
                and constraint.violation_error_message != constraint.default_violation_error_message
            ):
                return str(constraint.violation_error_message)
    return "Databasen tog inte emot det: det strider mot en regel, eller så ändrade någon annan samtidigt."
