import { nameOf } from '../cards/nameOf.ts'
import { languageOf } from './language.ts'
import { userIdOf } from '../api/users/userCounter.ts'
import { noSuchUser } from '../projections/user/UserCounter.ts'
import type { Failure } from '../failure.ts'
import type { Call } from '../http/endpoint.ts'
import { fetchHere } from './api/fetchHere.ts'
import type { View } from './page.tsx'
import { Island } from './parts/Island.tsx'
import { calendarOf, contributionsOf, userOf } from './profile/load.ts'
import { Profile } from './profile/Profile.tsx'
import { parseProfile } from './profile/state.ts'
import { dayIn } from './formatters.ts'

/** `GET /users/{id}`: a user's page, with all that their own counter knows; the browser asks for their ranks. */
export const showUser = async (call: Call): Promise<View | Failure> => {
  const { search } = new URL(call.request.url)
  const id = userIdOf(call.params['id'])
  if (id === undefined) return noSuchUser
  const state = parseProfile(search)
  const { fetchApi, tags } = fetchHere(call)
  const all = Promise.all([
    userOf(id).load(fetchApi),
    calendarOf(id, state).load(fetchApi),
    contributionsOf(id, state).load(fetchApi),
  ])
  const [user, calendar, contributions] = await call.timing.time('object', all)
  if (!user.ok) return user.status === 404 ? noSuchUser : { failure: 'unavailable', detail: user.detail }
  const props = {
    search,
    language: languageOf(call.request.headers.get('accept-language')),
    user: user.body,
    calendar: calendar.ok ? calendar.body : undefined,
    contributions: contributions.ok ? contributions.body : undefined,
  }
  const today = dayIn(user.body.as_of, state.timeZone)
  const name = nameOf(user.body.user)
  return {
    title: name,
    description: `What ${name} contributed to the community, and when`,
    script: 'user',
    freshness: 'live',
    lasting: JSON.stringify([search, props.language, today, tags()]),
    main: <Island Part={Profile} props={props} />,
  }
}
