/** What a GET form carries along beside what it asks for. */
export const Hidden = ({ fields, except }: { fields: Record<string, string>; except: readonly string[] }) => (
  <>
    {Object.entries(fields)
      .filter(([name]) => !except.includes(name))
      .map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
  </>
)
