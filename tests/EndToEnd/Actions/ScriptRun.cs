using System.Diagnostics;
using System.Text;
using ImageScan.EndToEnd.Registry;
using ImageScan.TestSupport;

namespace ImageScan.EndToEnd.Actions;

/// <summary>One run of the action's script, in a folder of its own.</summary>
/// <param name="ExitCode">What it ended with.</param>
/// <param name="Output">Its stdout.</param>
/// <param name="Error">Its stderr.</param>
/// <param name="Outputs">What it wrote to <c>GITHUB_OUTPUT</c>.</param>
/// <param name="Summary">What it wrote to <c>GITHUB_STEP_SUMMARY</c>.</param>
internal sealed record ScriptRun(int ExitCode, string Output, string Error, IReadOnlyDictionary<string, string> Outputs, string Summary)
{
    public static string ScriptPath => Repository.Path(".github/actions/scan/scan.sh");

    /// <summary>Runs it with these variables and no others but PATH; skips the running test where a program is missing that it needs.</summary>
    public static async Task<ScriptRun> RunAsync(DirectoryInfo folder, IReadOnlyDictionary<string, string> variables)
    {
        foreach (string program in (string[])["bash", "curl", "jq"])
        {
            OnPath.Require(program);
        }

        string outputs = Path.Combine(folder.FullName, "github-output");
        string summary = Path.Combine(folder.FullName, "github-summary");
        var start = new ProcessStartInfo("bash", [ScriptPath])
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH");
        start.Environment["GITHUB_ACTIONS"] = "true";
        start.Environment["GITHUB_OUTPUT"] = outputs;
        start.Environment["GITHUB_STEP_SUMMARY"] = summary;
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        CancellationToken token = TestContext.Current.CancellationToken;
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(token);
        string output = await process.StandardOutput.ReadToEndAsync(token);
        await process.WaitForExitAsync(token);
        return new ScriptRun(process.ExitCode, output, await error, OutputsIn(outputs), File.Exists(summary) ? await File.ReadAllTextAsync(summary, token) : "");
    }

    // A step may say an output again; the last one counts.
    private static Dictionary<string, string> OutputsIn(string path) => !File.Exists(path)
        ? []
        : File.ReadLines(path).Select(line => line.Split('=', 2)).GroupBy(pair => pair[0]).ToDictionary(lines => lines.Key, lines => lines.Last()[1]);
}
