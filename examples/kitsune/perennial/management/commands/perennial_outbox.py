from datetime import timedelta

from django.core.management.base import BaseCommand
from django.db.models import Count
from django.utils import timezone

from perennial.models import OutboxItem, OutboxMessage


class Command(BaseCommand):
    help = "Shows what waits in the outbox and what Perennial refused; sends that again; forgets what was delivered."

    def add_arguments(self, parser):
        parser.add_argument("--resend", nargs="+", metavar="ID", help="refused items to send again, or 'all'")
        parser.add_argument("--forget", type=int, metavar="DAYS", help="delete items delivered at least this many days ago")

    def handle(self, *, resend, forget, **_):
        if resend:
            refused = OutboxItem.objects.filter(refused_at__isnull=False)
            chosen = refused if resend == ["all"] else refused.filter(pk__in=resend)
            self.stdout.write(f"{chosen.update(refused_at=None, refusal='')} will be sent again")
        if forget is not None:
            before = timezone.now() - timedelta(days=forget)
            count, _by_model = OutboxItem.objects.filter(delivered_at__lt=before).delete()
            self.stdout.write(f"{count} deleted")
        self.show()

    def show(self):
        delivered = OutboxItem.objects.filter(delivered_at__isnull=False)
        for row in delivered.values("verdict").annotate(count=Count("pk")).order_by("verdict"):
            self.stdout.write(f"{row['count']} delivered: {row['verdict']}")
        self.stdout.write(f"{OutboxItem.objects.filter(OutboxItem.WAITING).count()} waiting")
        for message in OutboxMessage.objects.filter(attempts__gt=0).order_by("due_at"):
            self.stdout.write(f"  {message.attempts} attempts, next {message.due_at}: {message.last_error}")
        refused = OutboxItem.objects.filter(refused_at__isnull=False).order_by("pk")
        self.stdout.write(f"{refused.count()} refused")
        for item in refused.iterator():
            self.stdout.write(f"  {item.pk} {item.type} {item.data}: {item.refusal}")
