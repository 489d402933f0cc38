import { useTexts } from '../texts/texts.ts'

/** Stands for the numbers of a page while the log is empty, with the way to what fills it. */
export const EmptyLog = () => {
  const { text, rich, link } = useTexts()
  return (
    <section class="panel">
      <h2>{text('empty.title')}</h2>
      <p>{rich('empty.text', { status: (part) => <a href={link('/status')}>{part}</a> })}</p>
    </section>
  )
}
