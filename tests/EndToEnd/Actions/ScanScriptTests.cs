using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using ImageScan.Core.Access;
using ImageScan.Core.Reports;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;
using ImageScan.EndToEnd.Suppression;
using ImageScan.Local.Demo;
using ImageScan.Local.Hosting;
using ImageScan.TestSupport;

namespace ImageScan.EndToEnd.Actions;

/// <summary>The script of the GitHub Action, as a job runs it, against the app.</summary>
[Collection(StateServers.Name)]
public sealed class ScanScriptTests(SharedAzurite azurite) : IAsyncLifetime
{
    private const string AppToken = "0123456789abcdef-the-token-of-the-app";

    private const string AdminToken = "0123456789abcdef-the-token-of-its-admin";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("scan script ");
    private readonly TestAdvisories _advisories = new();
    private OidcServer _issuer = null!;
    private JobTokens _tokens = null!;
    private TestRegistry _registry = null!;
    private LocalServer _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _advisories.ReplaceAsync(
            TestAdvisories.Record("CVE-2026-1001", "lodash", "4.17.21"),
            TestAdvisories.Record("CVE-2026-1002", "lodash", "4.17.21", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"),
            TestAdvisories.Record("CVE-2026-1003", "other", "9.0.0", "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N"));
        _registry = await TestRegistry.StartAsync(Token);
        _issuer = await OidcServer.StartAsync(Token);
        _tokens = await JobTokens.StartAsync(_issuer, Token);
        _server = await LocalServer.StartAsync(
            new LocalServerOptions
            {
                Urls = "http://127.0.0.1:0",
                ConnectionString = azurite.ConnectionString,
                LoopbackAccess = AccessMode.Tokens,
                Settings = new Dictionary<string, string?>
                {
                    ["Storage:Prefix"] = ScanApp.NewPrefix(),
                    ["Advisories:Path"] = _advisories.Path,
                    ["Access:Tokens:0:Hash"] = TokenServer.HashOf(AppToken),
                    ["Access:Tokens:0:Role"] = "scan",
                    ["Access:Tokens:1:Hash"] = TokenServer.HashOf(AdminToken),
                    ["Access:Tokens:1:Role"] = "admin",
                    ["Access:Issuers:0:Issuer"] = _issuer.Issuer,
                    ["Access:Issuers:0:Audience"] = OidcServer.Audience,
                    ["Access:Issuers:0:SubjectPattern"] = "repo:octo/[^:]+:ref:refs/heads/main",
                    ["Access:Issuers:0:Role"] = "scan",
                    ["Access:Issuers:0:AllowPrivateAddress"] = "true",
                },
            },
            Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _tokens.DisposeAsync();
        await _issuer.DisposeAsync();
        await _registry.DisposeAsync();
        _advisories.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task CountsWhatTheAppFinds()
    {
        ScriptRun run = await RunAsync(("INPUT_FORMAT", "json"), ("INPUT_OUTPUT", "reports/image.json"));

        Assert.Equal((0, ""), (run.ExitCode, run.ExitCode == 0 ? "" : run.Error));
        Assert.Equal(["1", "1", "0", "1", "0", "3", "3"], Counts(run));
        Assert.StartsWith("sha256:", run.Outputs["image-id"], StringComparison.Ordinal);
        using JsonDocument report = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_folder.FullName, run.Outputs["report"]), Token));
        Assert.Equal(run.Outputs["image-id"], report.RootElement.GetProperty("id").GetString());
        Assert.Contains("3 vulnerabilities: 1 critical, 1 high", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CountsWhatIsWantedAndEndsByIt()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "known list"), "# ours\ncve-2026-1001 exp:2999-01-01\nCVE-2026-1002 exp:2000-01-01\n", Token);

        ScriptRun some = await RunAsync(("INPUT_FORMAT", "json"), ("INPUT_SEVERITY", "CRITICAL, HIGH"), ("INPUT_TRIVYIGNORES", "known list"), ("INPUT_EXIT_CODE", "7"));
        ScriptRun none = await RunAsync(("INPUT_FORMAT", "json"), ("INPUT_SEVERITY", "medium,unknown"), ("INPUT_EXIT_CODE", "7"));

        Assert.Equal((7, "1"), (some.ExitCode, some.Outputs["total"]));
        Assert.Equal("1", some.Outputs["high"]);
        Assert.Equal((0, "0"), (none.ExitCode, none.Outputs["total"]));
    }

    // The digest has another name, too, which comes first and for which nothing is decided.
    [Fact]
    public async Task HeedsWhatIsDecidedForTheNameThatIsScanned()
    {
        MadeImage image = TestImages.OfNpm("lodash@4.17.20");
        string first = _registry.Push("a/app", "main", image);
        string second = _registry.Push("z/app", "rel", image);
        using var http = new HttpClient { BaseAddress = _server.Address };
        await SuppressionLab.ApproveFalsePositiveAsync(http, AdminToken, "CVE-2026-1001", _registry.Host, "z/app", "rel");

        ScriptRun before = await RunAsync(("INPUT_IMAGE_REF", first), ("INPUT_FORMAT", "csv"));
        ScriptRun run = await RunAsync(("INPUT_IMAGE_REF", second), ("INPUT_FORMAT", "csv"));

        Assert.Equal(("2", "1"), (before.Outputs["total"], run.Outputs["total"]));
        Assert.Contains("CVE-2026-1001", before.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("CVE-2026-1001", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ComesInByTheTokenThatGitHubGivesTheJob()
    {
        ScriptRun run = await RunAsync(
            ("INPUT_FORMAT", "json"), ("INPUT_TOKEN", ""), ("INPUT_AUDIENCE", OidcServer.Audience),
            ("ACTIONS_ID_TOKEN_REQUEST_URL", _tokens.GitHubAddress), ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", JobTokens.RequestToken));

        Assert.Equal((0, ""), (run.ExitCode, run.ExitCode == 0 ? "" : run.Error));
        Assert.Equal("3", run.Outputs["total"]);
        AssertIsMasked(run, "isx_");
        AssertIsMasked(run, "eyJ");
    }

    [Fact]
    public async Task ComesInByTheTokenThatAzureDevOpsGivesTheJob()
    {
        ScriptRun run = await RunAsync(
            ("INPUT_FORMAT", "json"), ("INPUT_TOKEN", ""), ("GITHUB_ACTIONS", ""), ("TF_BUILD", "True"), ("INPUT_SERVICE_CONNECTION", "connection 1"),
            ("SYSTEM_OIDCREQUESTURI", _tokens.AzureAddress), ("SYSTEM_ACCESSTOKEN", JobTokens.RequestToken));

        Assert.Equal((0, ""), (run.ExitCode, run.ExitCode == 0 ? "" : run.Error));
        Assert.DoesNotContain("isx_", run.Output + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SaysWhyTheAppDoesNotTakeTheJobsToken()
    {
        _tokens.Subject = "repo:evil/app:ref:refs/heads/main";
        (string, string)[] job =
        [
            ("INPUT_TOKEN", ""), ("INPUT_AUDIENCE", OidcServer.Audience),
            ("ACTIONS_ID_TOKEN_REQUEST_URL", _tokens.GitHubAddress), ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", JobTokens.RequestToken),
        ];

        ScriptRun stranger = await RunAsync(job);
        ScriptRun nobody = await RunAsync([.. job[..^1], ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "wrong")]);
        ScriptRun without = await RunAsync(("INPUT_TOKEN", ""));

        Assert.Equal((2, 2, 2), (stranger.ExitCode, nobody.ExitCode, without.ExitCode));
        Assert.Contains("no valid role", stranger.Error, StringComparison.Ordinal);
        Assert.Contains("::error title=Image scan::", stranger.Output, StringComparison.Ordinal);
        Assert.Contains("GitHub gives the job no token", nobody.Error, StringComparison.Ordinal);
        Assert.Contains("id-token: write", without.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WritesEveryFormatAndTheCard()
    {
        IReportFormat[] formats = [.. ReportFormats.All];
        Assert.SkipWhen(formats.Length == 0, "There is no format yet.");
        foreach (IReportFormat format in formats)
        {
            ScriptRun run = await RunAsync(("INPUT_FORMAT", format.Name), ("INPUT_OUTPUT", $"report.{format.Name}"), ("INPUT_SUMMARY", $"{ReportFormats.Find("markdown") is not null}".ToLowerInvariant()));

            Assert.Equal((format.Name, 0, ""), (format.Name, run.ExitCode, run.ExitCode == 0 ? "" : run.Error));
            Assert.Contains("CVE-2026-1001", await File.ReadAllTextAsync(Path.Combine(_folder.FullName, $"report.{format.Name}"), Token), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task NeverTakesAReportInTheLogForCommands()
    {
        await _advisories.ReplaceAsync(TestAdvisories.Record("CVE-2026-1001", "::set-output name=total::0", "4.17.21"));
        string name = _registry.Push("made/hostile", "1", TestImages.OfNpm("::set-output name=total::0@4.17.20", "##vso[task.setvariable variable=x]y@1.0.0"));

        ScriptRun run = await RunAsync(("INPUT_FORMAT", "json"), ("INPUT_IMAGE_REF", name));

        Assert.Equal(0, run.ExitCode);
        Match stop = Regex.Match(run.Output, "^::stop-commands::(imagescan-[0-9a-f]{32})\n", RegexOptions.Multiline);
        Assert.True(stop.Success);
        int begin = stop.Index + stop.Length;
        int end = run.Output.IndexOf($"\n::{stop.Groups[1].Value}::\n", StringComparison.Ordinal);
        Assert.True(begin < end && run.Output.IndexOf("set-output", StringComparison.Ordinal) >= begin && run.Output.LastIndexOf("set-output", StringComparison.Ordinal) < end);
        Assert.DoesNotContain("##vso[", run.Output, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> HostileInputs => new()
    {
        { "INPUT_IMAGE_REF", "$(touch pwned)" },
        { "INPUT_IMAGE_REF", "`touch pwned`" },
        { "INPUT_IMAGE_REF", "x; touch pwned" },
        { "INPUT_IMAGE_REF", "a\n::set-output name=total::0" },
        { "INPUT_IMAGE_REF", "\"},\"force\":true,{\"" },
        { "INPUT_IMAGE_REF", "--output" },
        { "INPUT_IMAGE_REF", "" },
        { "INPUT_ENDPOINT", "http://scanner.example.com" },
        { "INPUT_ENDPOINT", "https://user@scanner.example.com" },
        { "INPUT_ENDPOINT", "https://scanner.example.com/$(touch pwned)" },
        { "INPUT_ENDPOINT", "file:///etc/passwd" },
        { "INPUT_ENDPOINT", "-K/etc/passwd" },
        { "INPUT_FORMAT", "../../etc" },
        { "INPUT_FORMAT", "sarif&severity=low" },
        { "INPUT_FORMAT", "nope" },
        { "INPUT_SEVERITY", "HIGH,$(touch pwned)" },
        { "INPUT_SEVERITY", "*" },
        { "INPUT_EXIT_CODE", "a[$(touch pwned)]" },
        { "INPUT_EXIT_CODE", "256" },
        { "INPUT_TIMEOUT", "a[$(touch pwned)]" },
        { "INPUT_TIMEOUT", "0s" },
        { "INPUT_OUTPUT", "a\nreport=b" },
        { "INPUT_IGNORE_UNFIXED", "$(touch pwned)" },
        { "INPUT_IGNOREFILE", "$(touch pwned)" },
        { "INPUT_TOKEN", "a\r\nX-Other: b" },
        { "INPUT_TOKEN", "wrong" },
        { "INPUT_PLATFORM", "linux/amd64&force=true" },
    };

    [Theory]
    [MemberData(nameof(HostileInputs))]
    public async Task EndsWithTwoAndAWordOnHostileInput(string variable, string value)
    {
        ScriptRun run = await RunAsync((variable, value));

        Assert.Equal(2, run.ExitCode);
        Assert.Matches("^Error: \\S", run.Error.Split('\n')[^2]);
        Assert.Empty(run.Outputs);
        Assert.Empty(_folder.GetFiles("pwned", SearchOption.AllDirectories));
        Assert.DoesNotContain(run.Output.Split('\n'), line => line.StartsWith("::set-output", StringComparison.Ordinal));
        Assert.DoesNotContain(AppToken, run.Error + run.Output.Replace($"::add-mask::{AppToken}", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WritesWhereItIsToldAndEvaluatesNoName()
    {
        ScriptRun run = await RunAsync(("INPUT_FORMAT", "json"), ("INPUT_OUTPUT", "-a folder/$(touch pwned) *"));

        Assert.Equal((0, ""), (run.ExitCode, run.ExitCode == 0 ? "" : run.Error));
        Assert.True(File.Exists(Path.Combine(_folder.FullName, "-a folder", "$(touch pwned) *")));
        Assert.Empty(_folder.GetFiles("pwned", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task LeavesNothingBehind()
    {
        DirectoryInfo temporary = _folder.CreateSubdirectory("tmp");

        await RunAsync(("INPUT_FORMAT", "json"), ("TMPDIR", temporary.FullName));
        await RunAsync(("INPUT_FORMAT", "nope"), ("TMPDIR", temporary.FullName));

        Assert.Empty(temporary.GetFileSystemInfos());
    }

    [Fact]
    public async Task IsWhatShellCheckWouldHave()
    {
        OnPath.Require("shellcheck");
        using Process check = Process.Start("shellcheck", [ScriptRun.ScriptPath]);
        await check.WaitForExitAsync(Token);

        Assert.Equal(0, check.ExitCode);
    }

    // An input that the action has and the script does not read, or the other way round, would do nothing.
    [Fact]
    public void ReadsTheInputsThatTheActionHas()
    {
        string action = File.ReadAllText(Repository.Path(".github/actions/scan/action.yml"));
        string[] Names(string pattern, string text) => [.. Regex.Matches(text, pattern, RegexOptions.Multiline).Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal)];
        string[] passed = Names("^ {8}(INPUT_[A-Z_]+):", action);
        string[] inputs = [.. Names("^  ([a-z-]+):$", action[..action.IndexOf("\noutputs:", StringComparison.Ordinal)]).Select(name => $"INPUT_{name.Replace('-', '_').ToUpperInvariant()}")];

        // By other pipelines; and what is uploaded is written by another name.
        string[] others = ["INPUT_ID_TOKEN", "INPUT_SERVICE_CONNECTION"];
        Assert.Equal(Names("(INPUT_[A-Z_]+)", File.ReadAllText(ScriptRun.ScriptPath)), passed.Concat(others).Order(StringComparer.Ordinal));
        Assert.Equal(inputs.Select(name => name == "INPUT_UPLOAD_SARIF" ? "INPUT_SARIF_OUTPUT" : name).Order(StringComparer.Ordinal), passed);
        Assert.DoesNotContain("run: |", action, StringComparison.Ordinal);
    }

    private static void AssertIsMasked(ScriptRun run, string beginning)
    {
        string masked = run.Output.Split('\n').Single(line => line.StartsWith($"::add-mask::{beginning}", StringComparison.Ordinal))["::add-mask::".Length..];

        Assert.DoesNotContain(masked, run.Error + run.Output.Replace($"::add-mask::{masked}", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static string[] Counts(ScriptRun run) =>
        [.. ((string[])["critical", "high", "medium", "low", "unknown", "total", "fixable"]).Select(name => run.Outputs[name])];

    private Task<ScriptRun> RunAsync(params (string Name, string Value)[] variables)
    {
        var all = new Dictionary<string, string>
        {
            ["INPUT_IMAGE_REF"] = _registry.Push("made/image", "1", TestImages.OfNpm("lodash@4.17.20", "other@1.0.0")),
            ["INPUT_ENDPOINT"] = _server.Address.AbsoluteUri.TrimEnd('/'),
            ["INPUT_TOKEN"] = AppToken,
            ["INPUT_SUMMARY"] = "false",
            ["INPUT_TIMEOUT"] = "2m",
        };
        foreach ((string name, string value) in variables)
        {
            all[name] = value;
        }

        return ScriptRun.RunAsync(_folder, all);
    }
}
