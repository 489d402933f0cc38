import { useEffect, useRef, useState } from 'preact/hooks'
import type { Profile } from '../../contributions/user.ts'
import { fetchApi, type ApiProblem } from '../api/fetchApi.ts'
import { findByBeginning, isSearchable } from './findPeople.ts'

/** How long typing must pause before a search: longer than the interval of key repeat, too short to be noticed. */
const pauseMilliseconds = 150

interface Suggestions {
  /** Undefined while there are no suggestions. */
  users: readonly Profile[] | undefined
  problem: ApiProblem | undefined
}

const nothing: Suggestions = { users: undefined, problem: undefined }

/** Suggests people whose name matches what is typed. `look` starts a search; answers to earlier searches are dropped. */
export const useSuggestions = (): {
  suggestions: Suggestions
  look: (text: string) => void
  close: () => void
} => {
  const [suggestions, setSuggestions] = useState(nothing)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const latest = useRef('')
  const search = async (text: string): Promise<void> => {
    const result = await findByBeginning(fetchApi('default'), text)
    if (latest.current !== text) return
    setSuggestions(
      result.ok ? { users: result.body.users, problem: undefined } : { users: undefined, problem: result },
    )
  }
  const close = (): void => {
    clearTimeout(timer.current)
    latest.current = ''
    setSuggestions(nothing)
  }
  const look = (typed: string): void => {
    const text = typed.trim()
    clearTimeout(timer.current)
    latest.current = text
    if (!isSearchable(text)) return setSuggestions(nothing)
    timer.current = setTimeout(() => void search(text), pauseMilliseconds)
  }
  useEffect(() => () => clearTimeout(timer.current), [])
  return { suggestions, look, close }
}
