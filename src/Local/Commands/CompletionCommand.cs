using System.CommandLine;

namespace ImageScan.Local.Commands;

/// <summary>
/// <c>imagescan completion SHELL</c>: a script by which a shell completes commands, options and their values. It asks the program itself, by the
/// directive <c>[suggest]</c> of System.CommandLine (https://learn.microsoft.com/dotnet/standard/commandline/how-to-enable-tab-completion), so it is
/// right for whichever version is on the PATH.
/// </summary>
internal static class CompletionCommand
{
    // The words that bash and fish give stop at the cursor, so what lies behind it is left out everywhere. Where there is nothing to complete, the shell
    // completes names of files.
    private static readonly Dictionary<string, string> Scripts = new()
    {
        ["bash"] = """
            # imagescan completion for bash: source <(imagescan completion bash)
            _imagescan() {
              local line="${COMP_LINE:0:COMP_POINT}" word="${COMP_WORDS[COMP_CWORD]}" found
              COMPREPLY=()
              while IFS= read -r found; do
                [[ $found == "$word"* ]] && COMPREPLY+=("$found")
              done < <(imagescan "[suggest:${#line}]" "$line" 2>/dev/null)
            }
            complete -o default -F _imagescan imagescan

            """,
        ["zsh"] = """
            #compdef imagescan
            # imagescan completion for zsh: source <(imagescan completion zsh), after compinit
            _imagescan() {
              local line="${(j: :)words[1,CURRENT]}"
              local -a found
              found=("${(@f)$(imagescan "[suggest:${#line}]" "$line" 2>/dev/null)}")
              if (( ${#found} )) && [[ -n ${found[1]} ]]; then compadd -- "${found[@]}"; else _files; fi
            }
            compdef _imagescan imagescan

            """,
        ["fish"] = """
            # imagescan completion for fish: imagescan completion fish | source
            function __imagescan_complete
                set -l line (commandline -cp)
                imagescan "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
            end
            complete -c imagescan -a '(__imagescan_complete)'

            """,
        ["pwsh"] = """
            # imagescan completion for PowerShell: imagescan completion pwsh | Out-String | Invoke-Expression
            Register-ArgumentCompleter -Native -CommandName imagescan -ScriptBlock {
                param($word, $command, $cursor)
                $line = "$command".PadRight($cursor).Substring(0, $cursor)
                imagescan "[suggest:$($line.Length)]" "$line" 2>$null | Where-Object { $_ -like "$word*" } | ForEach-Object {
                    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
                }
            }

            """,
    };

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = $"{string.Join(", ", Scripts.Keys)}." };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var command = new Command("completion", "Prints a script by which a shell completes what is typed: source <(imagescan completion bash).") { shell };
        command.SetAction(arguments =>
        {
            Console.Out.Write(Scripts[arguments.GetRequiredValue(shell)]);
            return CommandLine.Clean;
        });
        return command;
    }
}
