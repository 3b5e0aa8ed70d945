using System.Diagnostics;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;

namespace ImageScan.EndToEnd.Commands;

/// <summary>What a shell completes, by running the shell.</summary>
public sealed class CompletionTests : IDisposable
{
    private static readonly Dictionary<string, string> NoSettings = [];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("completion-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("imagescan sc", "scan")]
    [InlineData("imagescan scan alpine --ignore-u", "--ignore-unfixed")]
    [InlineData("imagescan scan alpine --sort cv", "cve cvss")]
    [InlineData("imagescan scan alpine --fail-on cri", "critical")]
    [InlineData("imagescan scan alpine --severity critical,hi", "critical,high")]
    [InlineData("imagescan completion ba", "bash")]
    public async Task IsThatOfTheProgramInBash(string line, string expected)
    {
        OnPath.Require("bash");
        ShellScript.Write(Path.Combine(_folder.FullName, "imagescan"), $"exec dotnet '{Path.Combine(AppContext.BaseDirectory, "imagescan.dll")}' \"$@\"");
        // As bash calls the function that `complete` names (https://www.gnu.org/software/bash/manual/html_node/Programmable-Completion.html).
        const string Script = """
            source <(imagescan completion bash)
            [[ $(complete -p imagescan) == *"-F _imagescan"* ]] || exit 9
            COMP_LINE=$1 COMP_POINT=${#1}
            read -r -a COMP_WORDS <<<"$1"
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _imagescan
            printf '%s\n' "${COMPREPLY[@]}"
            """;
        var start = new ProcessStartInfo("bash", ["-c", Script, "bash", line]) { RedirectStandardOutput = true };
        start.Environment["PATH"] = $"{_folder.FullName}:{Environment.GetEnvironmentVariable("PATH")}";

        using Process bash = Process.Start(start)!;
        string output = await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await bash.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((0, expected), (bash.ExitCode, string.Join(' ', output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal))));
    }

    // Of the other shells only those are run that are there.
    [Theory]
    [InlineData("bash", "bash -n")]
    [InlineData("zsh", "zsh -n")]
    [InlineData("fish", "fish --no-execute")]
    [InlineData("pwsh", "")]
    public async Task IsAScriptThatTheShellCanRead(string shell, string check)
    {
        (int exitCode, string script, string error) = await CommandProcess.RunAsync(NoSettings, "completion", shell);

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("suggest", script, StringComparison.Ordinal);
        if (check.Length == 0 || !OnPath.Has(shell))
        {
            return;
        }

        string path = Path.Combine(_folder.FullName, "script");
        await File.WriteAllTextAsync(path, script, TestContext.Current.CancellationToken);
        using Process read = Process.Start(shell, [check.Split(' ')[1], path]);
        await read.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, read.ExitCode);
    }
}
