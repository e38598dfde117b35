package repl

import (
	"slices"
)

// commands is the table: a value of its own for each shell, so that nothing is
// shared and nothing has to be initialised before main.
func commands() []*Command {
	all := [][]*Command{
		requestCommands(), baseCommands(), authCommands(), headerCommands(), cookieCommands(),
		connectionCommands(), sessionCommands(), answerCommands(), variableCommands(), shellCommands(),
	}
	return slices.Concat(all...)
}
