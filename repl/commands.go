package repl

import (
	"slices"
)

// commands is the table: a value of its own for each shell, so that nothing is
// shared and nothing has to be initialised before main.
func commands() []*Command {
	all := [][]*Command{
		requestCommands(), baseCommands(), authCommands(), identityCommands(), headerCommands(), cookieCommands(),
		connectionCommands(), logoutCommands(), retryCommands(), routeCommands(), sessionCommands(), answerCommands(), variableCommands(), shellCommands(),
		timingCommands(), benchCommands(), afterCommands(),
	}
	return slices.Concat(all...)
}
