import { parseUserId } from '../../contributions/user.ts'
import type { Failure } from '../../failure.ts'
import type { Call } from '../../http/endpoint.ts'
import { noSuchUser } from '../../projections/user/UserCounter.ts'
import { fetchHere } from '../api/fetchHere.ts'
import type { View } from '../page.tsx'
import { Island } from '../parts/Island.tsx'
import { calendarOf, contributionsOf, userOf } from './profileQueries.ts'
import { Profile } from './Profile.tsx'
import type { Texts } from '../texts/texts.ts'
import { parseProfile } from './profileState.ts'
import { dayIn } from '../formatters.ts'

/** `GET /users/{id}`: a user's page with the data from their counter. The browser loads their ranks. */
export const showUser = async (call: Call, { language, text, person }: Texts): Promise<View | Failure> => {
  const { search } = new URL(call.request.url)
  const id = parseUserId(call.params['id'] ?? '')
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
    user: user.body,
    calendar: calendar.ok ? calendar.body : undefined,
    contributions: contributions.ok ? contributions.body : undefined,
  }
  const today = dayIn(user.body.as_of, state.timeZone)
  const name = person(user.body.user)
  return {
    title: name,
    description: text('profile.description', { name }),
    script: 'user',
    freshness: 'live',
    stable: JSON.stringify([search, language, today, tags()]),
    main: <Island Part={Profile} props={props} />,
  }
}
