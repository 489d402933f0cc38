import type { Catalogue } from './message.ts'

/** The texts of the pages in German. Readers are addressed with “Sie”, and generic forms name everybody. */
export const de: Catalogue = {
  // Every page
  'page.skip': 'Zum Inhalt springen',
  'page.site': 'Website',
  'page.language': 'Sprache',
  'page.dashboard': 'Übersicht',
  'page.api': 'API',
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
