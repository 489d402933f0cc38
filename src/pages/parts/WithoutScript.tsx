import type { ApiAddress } from '../api/fetchApi.ts'
import { useTexts } from '../texts/texts.ts'

interface WithoutScriptProps {
  sentence: 'history.no-script' | 'community.without-script.panel'
  /** Where the numbers come from. */
  data: ApiAddress
}

/** Says, without JavaScript, that what a script would show can be downloaded as CSV. */
export const WithoutScript = ({ sentence, data }: WithoutScriptProps) => {
  const { rich } = useTexts()
  return (
    <noscript>
      <p class="soft">
        {rich(sentence, { csv: (part) => <a href={`${data.path}.csv${data.query}`}>{part}</a> })}
      </p>
    </noscript>
  )
}
