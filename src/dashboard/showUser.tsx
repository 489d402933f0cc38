import { nameOf } from '../cards/nameOf.ts'
import { languageOf } from '../http/answers/language.ts'
import { unavailable, type Problem } from '../http/problem.ts'
import type { Call } from '../http/route.ts'
import { noSuchUser, userIdOf } from '../stats/users/userPath.ts'
import { askHere } from './asking/askHere.ts'
import type { View } from './page.tsx'
import { Island } from './parts/Island.tsx'
import { calendarOf, contributionsOf, userOf } from './profile/load.ts'
import { Profile } from './profile/Profile.tsx'
import { parseProfile } from './profile/state.ts'
import { dayIn } from './writing.ts'

/** `GET /users/{id}`: a user's page, with all that their own counter knows; the browser asks for their ranks. */
export const showUser = async (call: Call): Promise<View | Problem> => {
  const { search } = new URL(call.request.url)
  const id = userIdOf(call.params['id'])
  if (id === undefined) return noSuchUser()
  const state = parseProfile(search)
  const { ask, tags } = askHere(call)
  const all = Promise.all([
    userOf(id).load(ask),
    calendarOf(id, state).load(ask),
    contributionsOf(id, state).load(ask),
  ])
  const [user, calendar, contributions] = await call.timing.time('object', all)
  if (!user.ok) return user.status === 404 ? noSuchUser() : unavailable(user.detail)
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
