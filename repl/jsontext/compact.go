package jsontext

// AppendCompact appends the JSON text b without the blanks between its
// tokens; tokens themselves stay as they are written. Text that is not JSON
// comes out as it is, less its blanks.
func AppendCompact(dst, b []byte) []byte {
	start := 0
	for i := 0; i < len(b); {
		switch b[i] {
		case '"':
			end, err := skipString(b, i)
			if err != nil {
				return append(dst, b[start:]...)
			}
			i = end
		case ' ', '\n', '\r', '\t':
			dst = append(dst, b[start:i]...)
			i = Blank(b, i)
			start = i
		default:
			i++
		}
	}
	return append(dst, b[start:]...)
}
