from datetime import datetime

from django.db import models

from parties.prepared import prepared

from .user import User

COUNT_ONE = """
INSERT INTO parties_searchcount (user_id, minute, count) VALUES (%s, %s, 1)
ON CONFLICT (user_id) DO UPDATE SET
    count = CASE WHEN parties_searchcount.minute = EXCLUDED.minute THEN parties_searchcount.count + 1 ELSE 1 END,
    minute = EXCLUDED.minute
RETURNING count
"""


class SearchCount(models.Model):
    """How often a person has searched for patients this minute; one row each, shared by all processes of the server."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="search_count")
    minute = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name = "antal sökningar"
        verbose_name_plural = "antal sökningar"

    def __str__(self) -> str:
        return f"{self.user_id}: {self.count}"

    @staticmethod
    def count_one(user: User, at: datetime) -> int:
        """Count one more, in one statement that two processes cannot both read before they write."""
        with prepared() as cursor:
            cursor.execute(COUNT_ONE, [user.pk, at.replace(second=0, microsecond=0)])
            (count,) = cursor.fetchone()
        return int(count)
