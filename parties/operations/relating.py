from datetime import date

from parties.models import CareRelation, Party, Patient, User


def register_relation(*, patient: Patient, unit: Party, by: User, on: date) -> None:
    """Note that the unit takes part in the patient's care from now on, unless that is known.

    Called in the transaction of the act, before balances are locked: another transaction that notes the same relation
    is waited for.
    """
    known = CareRelation.objects.valid_on(on).filter(patient=patient, unit=unit)
    if not known.exists():
        CareRelation.objects.get_or_create(
            patient=patient, unit=unit, until=None, defaults={"since": on, "registered_by": by}
        )
