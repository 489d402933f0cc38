/** Hidden inputs for the parameters that a GET form keeps while it changes others. */
export const HiddenFields = ({
  fields,
  except,
}: {
  fields: Record<string, string>
  except: readonly string[]
}) => (
  <>
    {Object.entries(fields)
      .filter(([name]) => !except.includes(name))
      .map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
  </>
)
