"""The administration of users: one page adds a person with role, units and rights to prescribe."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from .admin_base import ConstraintForm, SesamAdmin, SesamInline
from .admin_passwords import PasswordPages
from .models import PRESCRIBING_PROFESSIONS, PrescribingRight, User, UserCustomer

USERNAME_HINT = "Två bokstäver ur förnamnet, två ur efternamnet och två siffror, t.ex. anbe01 för Anna Bergqvist."


LABELS = {"is_staff": "Får öppna administrationen", "is_superuser": "Har alla rättigheter"}
HELP_TEXTS = {"username": USERNAME_HINT, "is_staff": "", "is_superuser": "", "is_active": "Avmarkera när någon slutar."}


def roles_field() -> "forms.ModelMultipleChoiceField[Group]":
    return forms.ModelMultipleChoiceField(
        Group.objects.order_by("name"), required=False, label="Roller", widget=forms.CheckboxSelectMultiple
    )


class UserAddForm(UserCreationForm):  # type: ignore[type-arg]  # generic to the type checker only
    """Nobody types another's password: the program makes it (see `admin_passwords`)."""

    password1 = password2 = None  # type: ignore[assignment]  # Django's way to leave a declared field out
    gets_password = forms.BooleanField(
        label="Får ett första lösenord",
        help_text="Det visas en gång när du har sparat, och byts mot ett eget vid första inloggningen.",
        initial=lambda: not settings.OIDC_ISSUER,
        required=False,
    )
    groups = roles_field()

    class Meta:
        model = User
        fields = ("username", "name", "title", "profession", "hsa_id", "groups", "is_staff")
        labels = LABELS
        help_texts = HELP_TEXTS

    def set_password_and_save(self, user: User, *args: Any, commit: bool = True, **kwargs: Any) -> User:
        user.set_unusable_password()
        if commit:
            user.save()
        return user


class UserChangeForm(ConstraintForm):
    groups = roles_field()

    class Meta:
        model = User
        exclude = ("password", "user_permissions")  # what a person may do comes from the roles
        labels = LABELS
        help_texts = HELP_TEXTS


class CustomerLinkForm(ConstraintForm):
    unasked = {"is_default"}  # by the formset, which sees the rows together: the default one may be changing


class CustomerLinkFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]  # generic to the type checker only
    def clean(self) -> None:
        super().clean()
        kept = self._kept()
        defaults = [form for form in kept if form.cleaned_data.get("is_default")]
        if kept and len(defaults) != 1:
            raise forms.ValidationError("Markera en av kunderna som standardkund, och bara en.")

    def save_existing_objects(self, commit: bool = True) -> list[UserCustomer]:
        """Take the mark from the old default first: the database never allows two."""
        if commit:
            chosen = [form.instance.pk for form in self._kept() if form.cleaned_data["is_default"]]
            self.instance.customer_links.exclude(pk__in=chosen).update(is_default=False)
        return super().save_existing_objects(commit)

    def _kept(self) -> list["forms.ModelForm[UserCustomer]"]:
        rows = [form for form in self.forms if form.cleaned_data.get("customer")] if self.is_bound else []
        return [form for form in rows if not form.cleaned_data.get("DELETE")]


class CustomerInline(SesamInline):
    model = UserCustomer
    form = CustomerLinkForm
    formset = CustomerLinkFormSet
    autocomplete_fields = ["customer"]
    extra = 1
    verbose_name_plural = "kunder (enheter som användaren arbetar för)"


NOT_LICENSED = "Förskrivningsrätt kan bara ges till legitimerad personal. Välj personens yrke under Användare."


class RightForm(ConstraintForm):
    """One right; by the page of the user the profession may be chosen in the same act (see RightFormSet)."""

    def clean(self) -> None:
        super().clean()
        user = self.cleaned_data.get("user")
        if isinstance(user, User) and user.profession not in PRESCRIBING_PROFESSIONS:
            self.add_error("user", NOT_LICENSED)


class RightFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]  # generic to the type checker only
    def clean(self) -> None:
        super().clean()
        today = timezone.localdate()
        kept = [
            form
            for form in self.forms
            if form.cleaned_data.get("iso_prefix")
            and not form.cleaned_data.get("DELETE")
            and (form.has_changed() or (form.cleaned_data.get("valid_until") or today) >= today)
        ]
        if kept and self.instance.profession not in PRESCRIBING_PROFESSIONS:
            raise forms.ValidationError(NOT_LICENSED)


class RightInline(SesamInline):
    model = PrescribingRight
    form = ConstraintForm
    formset = RightFormSet
    extra = 1


@admin.register(User)
class UserAdmin(PasswordPages, SesamAdmin, DjangoUserAdmin):  # type: ignore[type-arg]  # generic to the type checker only
    form = UserChangeForm
    add_form = UserAddForm
    list_display = ["username", "name", "title", "roles", "default_customer", "is_active", "last_login"]
    list_filter = ["is_active", "groups", "profession", ("customers", admin.RelatedOnlyFieldListFilter), "is_staff"]
    search_fields = ["username", "name", "title", "hsa_id"]
    ordering = ["username"]
    filter_horizontal = []
    add_form_template = "admin/change_form.html"
    readonly_fields = ["password_link", "last_login", "date_joined"]
    inlines = [CustomerInline, RightInline]
    fieldsets = [
        (None, {"fields": ["username", "name", "title", "profession", "hsa_id", "email", "password_link"]}),
        ("Roll", {"fields": ["is_active", "groups", "is_staff"]}),
        ("För loggranskningen", {"classes": ["collapse"], "fields": [("home_street", "home_postal_code")]}),
        ("Alla rättigheter", {"classes": ["collapse"], "fields": ["is_superuser"]}),
        ("Tider", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "name", "title", "profession", "hsa_id", "gets_password"]}),
        ("Roll", {"fields": ["groups", "is_staff"]}),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Without local accounts nobody gets a password."""
        if obj or settings.LOCAL_LOGIN:
            return super().get_fieldsets(request, obj)
        (first, fields), *others = self.add_fieldsets
        return [(first, {"fields": [name for name in fields["fields"] if name != "gets_password"]}), *others]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups", "customer_links__customer")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Only who has all rights may give them away."""
        locked = [] if request.user.is_superuser else ["is_superuser"]
        return [*self.readonly_fields, *locked]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and not (obj is not None and obj.is_superuser and not request.user.is_superuser)

    def get_formset_kwargs(self, request: HttpRequest, obj: User, inline: Any, prefix: str) -> dict[str, Any]:
        """The first customer of a new user is the default one, unless another is marked."""
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        return (
            kwargs | {"initial": [{"is_default": True}]}
            if obj._state.adding and inline.model is UserCustomer
            else kwargs
        )

    def response_add(self, request: HttpRequest, obj: User, post_url_continue: str | None = None) -> HttpResponse:
        """Back to the list: the page that adds a person asks for everything. Before it, the first password once."""
        if settings.LOCAL_LOGIN and "gets_password" in request.POST:
            return self.give_password(request, obj)
        return admin.ModelAdmin.response_add(self, request, obj, post_url_continue)

    @admin.display(description="roller")
    def roles(self, user: User) -> str:
        return ", ".join(sorted(group.name for group in user.groups.all()))

    @admin.display(description="standardkund")
    def default_customer(self, user: User) -> str:
        return next((str(link.customer) for link in user.customer_links.all() if link.is_default), "–")


@admin.register(UserCustomer)
class UserCustomerAdmin(SesamAdmin):
    list_display = ["user", "customer", "is_default"]
    list_filter = ["is_default", ("customer", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["user__username", "user__name", "customer__number", "customer__name"]
    list_select_related = ["user", "customer"]
    autocomplete_fields = ["user", "customer"]
    ordering = ["user__username", "customer__number"]


@admin.register(PrescribingRight)
class PrescribingRightAdmin(SesamAdmin):
    form = RightForm
    list_display = ["user", "iso_prefix", "valid_from", "valid_until", "is_temporary", "basis"]
    list_filter = ["is_temporary", "valid_from", "valid_until"]
    search_fields = ["user__username", "user__name", "iso_prefix"]
    list_select_related = ["user"]
    autocomplete_fields = ["user"]
    ordering = ["user__username", "iso_prefix"]
