import type { CardLanguage } from '../definitions/languages.ts'

/** A text for each plural category of a language (CLDR). `other` is used for absent categories. */
type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }

/** The texts of cards and badges in one language. Names in braces are replaced with values. */
export interface Phrases {
  contributions: Plural
  inDays: Plural
  inWeeks: Plural
  since: string
  none: string
  asOf: string
  titleOf: string
  /** The name of a user without one. */
  unnamed: string
  unknown: string
  unknownReason: string
  unavailable: string
  /**
   * A count with its noun. In languages whose nouns have more forms than one and many, the title of the type and then
   * the count.
   */
  counted: string
  /** The scope of contributions that have no product, or no locale. */
  noProduct: string
  noLocale: string
  inPeriod: string
  fromDay: string
  beforeDay: string
  betweenDays: string
}

/** The phrases of every language. */
export const phrases: Record<CardLanguage, Phrases> = {
  en: {
    contributions: { one: 'contribution', other: 'contributions' },
    inDays: { one: 'in {count} day', other: 'in {count} days' },
    inWeeks: { other: 'in {count} weeks' },
    since: 'Contributing since {year}',
    none: 'No contributions yet',
    asOf: 'as of {date}',
    titleOf: 'Contributions of {name}',
    unnamed: 'Contributor {id}',
    unknown: 'Unknown contributor',
    unknownReason: '{site} has no such user, or the user was erased',
    unavailable: 'Numbers can’t be shown at the moment',
    counted: '{count} {noun}',
    noProduct: 'no product',
    noLocale: 'no locale',
    inPeriod: 'in {period}',
    fromDay: 'since {from}',
    beforeDay: 'before {to}',
    betweenDays: 'from {from} to {to}',
  },
  de: {
    contributions: { one: 'Beitrag', other: 'Beiträge' },
    inDays: { one: 'in {count} Tag', other: 'in {count} Tagen' },
    inWeeks: { other: 'in {count} Wochen' },
    since: 'Dabei seit {year}',
    none: 'Noch keine Beiträge',
    asOf: 'Stand {date}',
    titleOf: 'Beiträge von {name}',
    unnamed: 'Person {id}',
    unknown: 'Unbekannte Person',
    unknownReason: '{site} kennt diese Person nicht, oder sie wurde gelöscht',
    unavailable: 'Zahlen sind gerade nicht verfügbar',
    counted: '{count} {noun}',
    noProduct: 'ohne Produkt',
    noLocale: 'ohne Sprache',
    inPeriod: 'in {period}',
    fromDay: 'seit {from}',
    beforeDay: 'vor {to}',
    betweenDays: 'von {from} bis {to}',
  },
  fr: {
    contributions: { one: 'contribution', other: 'contributions' },
    inDays: { one: 'en {count} jour', other: 'en {count} jours' },
    inWeeks: { other: 'en {count} semaines' },
    since: 'Contribue depuis {year}',
    none: 'Aucune contribution pour l’instant',
    asOf: 'au {date}',
    titleOf: 'Contributions de {name}',
    unnamed: 'Personne {id}',
    unknown: 'Personne inconnue',
    unknownReason: '{site} ne connaît pas cette personne, ou elle a été effacée',
    unavailable: 'Chiffres indisponibles pour le moment',
    counted: '{count} {noun}',
    noProduct: 'sans produit',
    noLocale: 'sans langue',
    inPeriod: 'en {period}',
    fromDay: 'depuis le {from}',
    beforeDay: 'avant le {to}',
    betweenDays: 'du {from} au {to}',
  },
  es: {
    contributions: { one: 'contribución', other: 'contribuciones' },
    inDays: { one: 'en {count} día', other: 'en {count} días' },
    inWeeks: { other: 'en {count} semanas' },
    since: 'Contribuye desde {year}',
    none: 'Aún no hay contribuciones',
    asOf: 'a {date}',
    titleOf: 'Contribuciones de {name}',
    unnamed: 'Persona {id}',
    unknown: 'Persona desconocida',
    unknownReason: '{site} no conoce a esta persona, o fue borrada',
    unavailable: 'Ahora no se pueden mostrar los números',
    counted: '{count} {noun}',
    noProduct: 'sin producto',
    noLocale: 'sin idioma',
    inPeriod: 'en {period}',
    fromDay: 'desde {from}',
    beforeDay: 'antes de {to}',
    betweenDays: 'de {from} a {to}',
  },
  pt: {
    contributions: { one: 'contribuição', other: 'contribuições' },
    inDays: { one: 'em {count} dia', other: 'em {count} dias' },
    inWeeks: { other: 'em {count} semanas' },
    since: 'Contribui desde {year}',
    none: 'Ainda não há contribuições',
    asOf: 'em {date}',
    titleOf: 'Contribuições de {name}',
    unnamed: 'Pessoa {id}',
    unknown: 'Pessoa desconhecida',
    unknownReason: '{site} não conhece esta pessoa, ou ela foi apagada',
    unavailable: 'Os números não podem ser mostrados agora',
    counted: '{count} {noun}',
    noProduct: 'sem produto',
    noLocale: 'sem idioma',
    inPeriod: 'em {period}',
    fromDay: 'desde {from}',
    beforeDay: 'antes de {to}',
    betweenDays: 'de {from} a {to}',
  },
  ja: {
    contributions: { other: '貢献' },
    inDays: { other: '{count}日間' },
    inWeeks: { other: '{count}週間' },
    since: '{year}年から貢献',
    none: 'まだ貢献はありません',
    asOf: '{date} 時点',
    titleOf: '{name} さんの貢献',
    unnamed: 'ユーザー {id}',
    unknown: '不明なユーザー',
    unknownReason: 'このユーザーは {site} に登録されていないか、消去されました',
    unavailable: '現在、数値を表示できません',
    counted: '{title}：{count}',
    noProduct: '製品なし',
    noLocale: '言語なし',
    inPeriod: '{period}',
    fromDay: '{from} 以降',
    beforeDay: '{to} より前',
    betweenDays: '{from} から {to} まで',
  },
  zh: {
    contributions: { other: '贡献' },
    inDays: { other: '{count} 天内' },
    inWeeks: { other: '{count} 周内' },
    since: '自 {year} 年起贡献',
    none: '暂无贡献',
    asOf: '截至 {date}',
    titleOf: '{name} 的贡献',
    unnamed: '用户 {id}',
    unknown: '未知用户',
    unknownReason: '{site} 中没有此用户，或已被清除',
    unavailable: '目前无法显示数据',
    counted: '{title}：{count}',
    noProduct: '无产品',
    noLocale: '无语言',
    inPeriod: '{period}',
    fromDay: '自 {from} 起',
    beforeDay: '{to} 之前',
    betweenDays: '{from} 至 {to}',
  },
  ar: {
    contributions: { zero: 'مساهمات', two: 'مساهمتان', few: 'مساهمات', other: 'مساهمة' },
    inDays: { few: 'في {count} أيام', many: 'في {count} يومًا', other: 'في {count} يوم' },
    inWeeks: { few: 'في {count} أسابيع', many: 'في {count} أسبوعًا', other: 'في {count} أسبوع' },
    since: 'المساهمات منذ {year}',
    none: 'لا توجد مساهمات بعد',
    asOf: 'حتى {date}',
    titleOf: 'مساهمات {name}',
    unnamed: 'مستخدم {id}',
    unknown: 'مستخدم غير معروف',
    unknownReason: 'هذا المستخدم غير معروف لدى {site} أو مُحيت بياناته',
    unavailable: 'لا يمكن عرض الأرقام الآن',
    counted: '{title}: {count}',
    noProduct: 'بلا منتج',
    noLocale: 'بلا لغة',
    inPeriod: 'في {period}',
    fromDay: 'منذ {from}',
    beforeDay: 'قبل {to}',
    betweenDays: 'من {from} إلى {to}',
  },
}
