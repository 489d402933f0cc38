import type { Catalogue } from './message.ts'

/** The texts of the pages in German. Readers are addressed with “Sie”, and generic forms name everybody. */
export const de: Catalogue = {
  // Every page
  'page.skip': 'Zum Inhalt springen',
  'page.site': 'Website',
  'page.language': 'Sprache',
  'page.dashboard': 'Übersicht',
  'page.api': 'API',
  'page.status': 'Status',
  'page.footer':
    'Alle Zahlen stammen aus einem dauerhaften Protokoll der Beiträge und sind über die <api>öffentliche API</api> abrufbar. Gelöschte Inhalte ändern sie nicht.',
  'page.as-of': 'Stand: {time} · Protokollposition {position}',
  'page.as-of-time': 'Stand: {time}',

  // What several pages have
  loading: 'Wird geladen …',
  'copy.button': 'Kopieren<hidden>: {name}</hidden>',
  'copy.done': 'Kopiert',
  'copy.failed': 'Kopieren ist hier nicht möglich: Markieren und kopieren Sie den Text selbst',
  'table.open': 'Als Tabelle anzeigen',
  'table.date': 'Datum',
  'zone.label': 'Zeitzone',
  'zone.own': '{zone} (Ihre)',
  'origin.note': 'Ersetzen Sie {origin} durch die Adresse dieser Website.',
  'window.all': 'Gesamte Zeit',
  'window.days': { one: '{count} Tag', other: '{count} Tage' },
  'window.in.all': 'gesamte Zeit',
  'window.in.days': { one: 'letzter Tag', other: 'letzte {count} Tage' },
  'types.all': 'Alle Beiträge',
  contributions: { one: '{count} Beitrag', other: '{count} Beiträge' },
  contributors: { one: '{count} mitwirkende Person', other: '{count} Mitwirkende' },
  days: { one: '{count} Tag', other: '{count} Tage' },

  // A user’s page
  'profile.documents': { one: '{count} Dokument bearbeitet', other: '{count} Dokumente bearbeitet' },

  // The status page
  'status.title': 'Status',
  'status.description': 'Ob der Dienst läuft und wie weit sein Protokoll zurückreicht',
  'status.well': 'Der Dienst läuft',
  'status.faulty': 'Etwas braucht Aufmerksamkeit',
  'status.before': 'Bevor die Verbindung abbrach',
  'status.never': 'nie',
  'status.found.empty': 'Das Protokoll ist leer. Die Schritte unten füllen es.',
  'status.found.misconfigured':
    'Die Variable {variable} ist unbrauchbar; Anfragen, die sie brauchen, werden abgewiesen.',
  'status.found.drift': {
    one: 'Die letzte Prüfung fand {count} Zahl, die vom Protokoll abwich, und hat sie neu gebildet. Die Zahlen stimmen wieder; welche es war, steht in den Logs des Workers.',
    other:
      'Die letzte Prüfung fand {count} Zahlen, die vom Protokoll abwichen, und hat sie neu gebildet. Die Zahlen stimmen wieder; welche es waren, steht in den Logs des Workers.',
  },
  'status.found.audit-late':
    'Die letzte Prüfung war am {time}, vor mehr als einem Tag. Jede Nacht läuft eine: Prüfen Sie den Cron-Trigger.',
  'status.found.incomplete': {
    one: 'Von {count} Beitragsart wurde die ältere Geschichte noch nicht importiert.',
    other: 'Von {count} Beitragsarten wurde die ältere Geschichte noch nicht importiert.',
  },
  'status.first': 'Erste Schritte',
  'status.first.note': 'Befehle für den Ordner des Projekts',
  'status.first.demo': 'Mit einer erfundenen Community ausprobieren',
  'status.first.send': 'Einen ersten Beitrag senden',
  'status.first.backfill': 'Ihre Geschichte importieren',
  'status.log': 'Protokoll',
  'status.log.note': 'Jede Zahl dieser Website ist eine Summe über dieses Protokoll',
  'status.log.position': 'Position',
  'status.log.contributions': 'Beiträge, die zählen',
  'status.log.recorded': 'Zuletzt aufgezeichnet',
  'status.log.from': 'Frühester Beitrag',
  'status.log.to': 'Spätester Beitrag',
  'status.coverage': 'Abdeckung',
  'status.coverage.note': 'Wie weit die Geschichte jeder Beitragsart zurückreicht',
  'status.coverage.type': 'Art',
  'status.coverage.reach': 'Geschichte',
  'status.coverage.complete': 'vollständig',
  'status.coverage.since': 'seit {day}',
  'status.coverage.none': 'noch keine empfangen',
  'status.coverage.command': 'Ältere Geschichte importieren und für vollständig erklären',
  'status.audit': 'Letzte Prüfung',
  'status.audit.note': 'Jede Nacht werden Zahlen aus dem Protokoll neu gezählt und verglichen',
  'status.audit.none': 'Noch keine Prüfung ist beendet. Die erste läuft um 03:17 UTC.',
  'status.audit.command': 'Oder lassen Sie jetzt eine laufen',
  'status.audit.checked': 'Beendet',
  'status.audit.users': 'Verglichene Personen',
  'status.audit.boards': 'Verglichene Ranglisten und Kennzahlen',
  'status.audit.drift': 'Abweichungen',
  'status.audit.last-drift': 'Letzte Abweichung',
  'status.deliveries': 'Webhooks nach Tag',
  'status.deliveries.note':
    'Für den Betrieb. Tage sind in UTC. Importe zählen nicht mit, auch keine Nachrichten ohne gültige Signatur; nach einem Absturz können ein paar Sekunden fehlen.',
  'status.deliveries.noscript':
    'Aktivieren Sie JavaScript, um das Token einzugeben, oder fragen Sie die API:',
  'status.deliveries.none': 'Noch ist keine Nachricht mit gültiger Signatur eingetroffen.',
  'status.deliveries.last': 'Letzte Nachricht: {ago}',
  'status.deliveries.messages': 'Nachrichten',
  'status.deliveries.recorded': 'Aufgezeichnet',
  'status.deliveries.duplicate': 'Duplikate',
  'status.deliveries.conflict': 'Konflikte',
  'status.deliveries.ignored': 'Ignoriert',
  'status.deliveries.refused': 'Abgewiesen',
  'status.token': 'Token für den Betrieb',
  'status.token.show': 'Anzeigen',
  'status.token.wrong': 'Das ist nicht das Token für den Betrieb (ADMIN_TOKEN).',
  'status.token.refresh': 'Aktualisieren',
  'status.token.forget': 'Token vergessen',

  // Why the API did not answer
  'notice.offline': 'Keine Verbindung.',
  'notice.too-many-requests': 'Aus Ihrem Netz kamen zu viele Anfragen.',
  'notice.unavailable': 'Der Dienst kann gerade nicht antworten.',
  'notice.retry': 'Neuer Versuch in {seconds} s.',

  // Problems as pages
  'problem.not-found': 'Seite nicht gefunden',
  'problem.not-found.text': 'Diese Seite oder diese Person gibt es hier nicht.',
  'problem.too-many-requests': 'Zu viele Anfragen',
  'problem.too-many-requests.text':
    'Aus Ihrem Netz kamen zu viele Anfragen. Versuchen Sie es in einer Minute noch einmal.',
  'problem.unavailable': 'Dienst nicht verfügbar',
  'problem.unavailable.text': 'Der Dienst kann gerade nicht antworten. Versuchen Sie es gleich noch einmal.',
  'problem.internal': 'Interner Fehler',
  'problem.internal.text':
    'Etwas Unerwartetes ist passiert und wurde protokolliert. Versuchen Sie es später noch einmal.',
  'problem.home': 'Zur Übersicht',
}
