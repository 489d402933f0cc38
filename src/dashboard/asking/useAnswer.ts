import { useEffect, useState } from 'preact/hooks'
import { askOver, type Ask, type Refused } from './ask.ts'
import type { Question } from './question.ts'

/** What is known of a question by now. */
export interface Known<Body> {
  /** The latest answer; while a new question waits, still the one before, so that nothing flickers. */
  body: Body | undefined
  /** Whether nothing else is waited for: `body` answers the question that is asked now, or nothing ever will. */
  isCurrent: boolean
  /** Why the last try failed, if it did. */
  refused: Refused | undefined
}

interface Held<Body> {
  name: string
  body: Body | undefined
  /** The question that `body` answers. */
  answers: string | undefined
  refused: Refused | undefined
}

/** Runs when the tab is looked at: now, or as soon as it is again. Returns what calls it off. */
const whenVisible = (run: () => void): (() => void) => {
  const check = (): void => {
    if (document.hidden) return
    document.removeEventListener('visibilitychange', check)
    run()
  }
  document.addEventListener('visibilitychange', check)
  check()
  return () => document.removeEventListener('visibilitychange', check)
}

const nothing = (): void => {}

/** Runs after a while, and then only when the tab is looked at. Returns what calls it off. */
const later = (seconds: number, run: () => void): (() => void) => {
  let callOff = nothing
  const timer = setTimeout(() => {
    callOff = whenVisible(run)
  }, seconds * 1000)
  return () => {
    clearTimeout(timer)
    callOff()
  }
}

/** How much of a time is left that began at an instant, by this machine's clock. */
const secondsLeft = (seconds: number, since: string | undefined): number => {
  const passed = since === undefined ? 0 : (Date.now() - Date.parse(since)) / 1000
  return Math.min(Math.max(seconds - passed, 0), seconds)
}

/**
 * Asks a question of the API and keeps the answer: again every `refreshSeconds` while the tab is looked at, and again
 * when the API says that it cannot answer just now. `first` is an answer that came with the page, for the instant
 * `firstAsOf`: one that a cache kept for longer than `refreshSeconds` is refreshed at once.
 */
export const useAnswer = <Body>(
  question: Question<Body>,
  first?: Body,
  refreshSeconds?: number,
  firstAsOf?: string,
): Known<Body> => {
  const { name } = question
  const [held, setHeld] = useState<Held<Body>>({
    name,
    body: first,
    answers: first === undefined ? undefined : name,
    refused: undefined,
  })
  useEffect(() => {
    let isOver = false
    let callOff = nothing
    const turn = async (ask: Ask): Promise<void> => {
      const asked = await question.load(ask)
      if (isOver) return
      setHeld((before) =>
        asked.ok
          ? { name, body: asked.body, answers: name, refused: undefined }
          : { ...before, name, refused: asked },
      )
      const seconds = asked.ok ? refreshSeconds : asked.retryAfterSeconds
      if (seconds !== undefined) callOff = later(seconds, () => void turn(askOver('no-store')))
    }
    if (held.answers !== name) void turn(askOver('default'))
    else if (refreshSeconds !== undefined)
      callOff = later(secondsLeft(refreshSeconds, firstAsOf), () => void turn(askOver('no-store')))
    return () => {
      isOver = true
      callOff()
    }
    // The name stands for the whole question.
  }, [name, refreshSeconds])
  const isCurrent = held.answers === name
  const refused = held.name === name ? held.refused : undefined
  // What will never be answered is not covered up by the answer to another question.
  const isHopeless = !isCurrent && refused !== undefined && refused.retryAfterSeconds === undefined
  return { body: isHopeless ? undefined : held.body, isCurrent: isCurrent || isHopeless, refused }
}
