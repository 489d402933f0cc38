import { definitions } from '../../definitions/definitions.ts'
import { Code } from '../parts/Code.tsx'
import { useOrigin } from '../parts/origin.ts'
import { PanelHead } from '../parts/PanelHead.tsx'
import { useTexts } from '../texts/texts.ts'

/** What to send as a first contribution: the first type that needs no parent. */
const firstType =
  (definitions.types.find((type) => !type.needs_parent) ?? definitions.types[0])?.type ?? 'answer'

/** What to do while the log is empty, with commands to copy. */
export const FirstSteps = () => {
  const { text } = useTexts()
  const origin = useOrigin()
  const steps = [
    { name: text('status.first.demo'), code: `npm run demo -- --url ${origin}` },
    {
      name: text('status.first.send'),
      code: `npm run send -- --url ${origin} --type ${firstType} --user 42 --name Ana --content example:1`,
    },
    { name: text('status.first.backfill'), code: 'npm run backfill -- history.ndjson' },
  ]
  return (
    <section class="panel" aria-labelledby="first-steps">
      <PanelHead id="first-steps" title={text('status.first')} note={text('status.first.note')} />
      <div class="commands">
        {steps.map(({ name, code }) => (
          <Code key={name} name={name} code={code} />
        ))}
      </div>
    </section>
  )
}
