import { ar, base, de, el, en, es, Faker, fr, he, it, ja, ko, pl, pt_BR, ru, zh_CN } from '@faker-js/faker'
import type { LocaleDefinition } from '@faker-js/faker'
import type { Chance } from './chance.ts'

/** A language of the community. */
interface Language {
  locale: string
  /** The percentage of people who speak it. */
  perHundred: number
  names: LocaleDefinition
  /** Whether many usernames are written in a script other than Latin. */
  ownScript: boolean
}

export const languages: readonly Language[] = [
  { locale: 'en-US', perHundred: 46, names: en, ownScript: false },
  { locale: 'de', perHundred: 9, names: de, ownScript: false },
  { locale: 'fr', perHundred: 7, names: fr, ownScript: false },
  { locale: 'es', perHundred: 6, names: es, ownScript: false },
  { locale: 'pt-BR', perHundred: 5, names: pt_BR, ownScript: false },
  { locale: 'ja', perHundred: 5, names: ja, ownScript: true },
  { locale: 'ru', perHundred: 4, names: ru, ownScript: true },
  { locale: 'it', perHundred: 4, names: it, ownScript: false },
  { locale: 'zh-CN', perHundred: 3, names: zh_CN, ownScript: true },
  { locale: 'pl', perHundred: 3, names: pl, ownScript: false },
  { locale: 'ar', perHundred: 2, names: ar, ownScript: true },
  { locale: 'ko', perHundred: 2, names: ko, ownScript: true },
  { locale: 'he', perHundred: 2, names: he, ownScript: true },
  { locale: 'el', perHundred: 2, names: el, ownScript: true },
]

/** Names that are hard to display: emoji, excessive length, stacked marks, mixed writing directions, quotes. */
const unusual = [
  '🦊 Foxy McFoxface 🦊',
  'Dr. Maximiliane Freifrau von und zu Hohenstein-Oettingen-Wallerstein-Spielberg (volunteer since 2009)',
  'Zo̷̤ë̈ ̶̣T̸̰r̵̗i̴̪x̶̖',
  '👩‍👩‍👧‍👦 Familie Nguyễn',
  'שירה / Shira (she/her)',
  "Robert'); DROP TABLE users;--",
]

export interface Names {
  username: string
  displayName: string | null
}

/** Makes up names. Every username is unique. */
export class NameGiver {
  #chance: Chance
  #fakers: Map<string, Faker>
  #english: Faker
  #unusual = [...unusual]
  #taken = new Set<string>()

  constructor(chance: Chance) {
    this.#chance = chance
    const fakerOf = (names: LocaleDefinition): Faker =>
      new Faker({ locale: [names, en, base], randomizer: chance.randomizer })
    this.#fakers = new Map(languages.map(({ locale, names }) => [locale, fakerOf(names)]))
    this.#english = fakerOf(en)
  }

  give({ locale, ownScript }: Language): Names {
    const faker = this.#fakers.get(locale) ?? this.#english
    const username = this.#unique(() => this.#username(faker, ownScript))
    if (this.#chance.happens(0.05)) return { username, displayName: this.#unusual.pop() ?? null }
    return { username, displayName: this.#chance.happens(0.62) ? faker.person.fullName() : null }
  }

  #username(faker: Faker, ownScript: boolean): string {
    if (ownScript && this.#chance.happens(0.55)) return faker.internet.displayName()
    if (ownScript || this.#chance.happens(0.35)) {
      return `${this.#english.word.adjective()}_${this.#english.animal.petName()}`.toLowerCase()
    }
    return faker.internet.username()
  }

  #unique(draw: () => string): string {
    for (;;) {
      const name = draw()
      if (this.#taken.has(name.toLowerCase())) continue
      this.#taken.add(name.toLowerCase())
      return name
    }
  }
}
