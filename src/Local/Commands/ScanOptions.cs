using System.CommandLine;
using System.CommandLine.Completions;
using System.Globalization;
using ImageScan.Core.Reports;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Local.Output;
using ImageScan.Local.Remote;

namespace ImageScan.Local.Commands;

/// <summary>
/// The arguments of <c>imagescan scan</c>. Where Trivy (https://trivy.dev/latest/docs/references/configuration/cli/trivy_image/) or Grype
/// (https://github.com/anchore/grype#getting-started) has an option for the same, it has its name. One letter is as in Trivy: Grype's -f is --fail-on.
/// </summary>
internal sealed class ScanOptions
{
    public const string IgnoreFileOption = "--ignorefile";

    /// <summary>The list of ignored ids that is read if it is there.</summary>
    public const string UsualIgnoreFile = ".imagescanignore";

    public const string Table = "table";
    public const string Json = "json";

    private const int MaxExitCode = 255;

    private readonly Argument<string> _image = ImageOptions.Image();
    private readonly Option<string?> _platform = ImageOptions.Platform();
    private readonly Option<string?> _failOn = SeverityGate.Option();

    private readonly Option<string> _format = ImageOptions.FormatOf(FormatNames);

    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "Write the result to this file; it replaces one that is there.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _force = new("--force") { Description = "Read everything again, whatever is stored." };

    private readonly Option<string[]> _severity = new("--severity", "-s")
    {
        Description = "Show only these; with commas, or several times: critical, important (or high), moderate (or medium), low (or negligible), unknown.",
        HelpName = "SEVERITIES",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<bool> _ignoreUnfixed = new("--ignore-unfixed", "--only-fixed") { Description = "Leave out what has no fix." };

    private readonly Option<string?> _ignoreFile = new(IgnoreFileOption)
    {
        Description = $"Suppress the ids in this file: one a line, # for comments, exp:2027-01-31 for an end. {UsualIgnoreFile} if it is there.",
        HelpName = "FILE",
    };

    private readonly Option<string[]> _vex = new("--vex")
    {
        Description = "Suppress what this OpenVEX or CycloneDX document says does not affect the image or is fixed; may be given several times.",
        HelpName = "FILE",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<bool> _showSuppressed = new("--show-suppressed", "--include-snoozed") { Description = "Also show what is suppressed, and why." };
    private readonly Option<string> _sort = ImageOptions.OneOf("--sort", "severity", [.. Enum.GetNames<FindingKey>().Select(name => name.ToLowerInvariant())]);

    private readonly Option<int?> _exitCode = new("--exit-code")
    {
        Description = "Exit with this code, 0 to 255, if anything is reported, or with --fail-on if that stops.",
        HelpName = "CODE",
    };

    private readonly Option<int> _exitOnEol = new("--exit-on-eol")
    {
        Description = "Exit with this code, 0 to 255, if the distribution's release is not mended any more.",
        HelpName = "CODE",
    };

    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Say nothing but the result and errors." };
    private readonly Option<bool> _noProgress = new("--no-progress") { Description = "Show no progress." };
    private readonly Option<string?> _timeout = new("--timeout") { Description = "Give up after so long: 300, 300s, 5m, 1h30m.", HelpName = "TIME" };

    private readonly Option<string?> _server = new(RemoteApp.ServerOption)
    {
        Description = $"Have a deployed app scan the image, by its https address; {RemoteApp.ServerVariable} says the same.",
        HelpName = "URL",
    };

    private readonly Option<string?> _token = new("--token")
    {
        Description = $"The token for --server. Others on this machine can see it: better --token-file or {RemoteApp.TokenVariable}.",
        HelpName = "TOKEN",
    };

    private readonly Option<string?> _tokenFile = new("--token-file") { Description = "A file with the token for --server.", HelpName = "FILE" };

    public ScanOptions()
    {
        _severity.CompletionSources.Add(CompleteSeverities);
        _severity.Validators.Add(result =>
        {
            if (SeveritiesOf(result.GetValueOrDefault<string[]>(), out string? unknown) is null)
            {
                result.AddError(
                    $"--severity has '{unknown}'; it must be of critical, important (or high), moderate (or medium), low (or negligible), unknown.");
            }
        });
        _timeout.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && Duration.Read(text) is null)
            {
                result.AddError($"--timeout is '{text}'; it must be a time such as 300, 300s, 5m or 1h30m.");
            }
        });
        foreach (Option option in (Option[])[_exitCode, _exitOnEol])
        {
            option.Validators.Add(result =>
            {
                if (result.Tokens is [var token]
                    && !(int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int code) && code <= MaxExitCode))
                {
                    result.AddError($"{option.Name} is '{token.Value}'; it must be a number from 0 to {MaxExitCode}.");
                }
            });
        }
    }

    /// <summary>What a result can be written as; the first is what people read.</summary>
    public static string[] FormatNames { get; } = [.. new[] { Table, Json }.Concat(ReportFormats.All.Select(format => format.Name)).Distinct()];

    public void AddTo(Command command)
    {
        command.Add(_image);
        Option[] options =
        [
            _format, _output, _severity, _ignoreUnfixed, _ignoreFile, _vex, _showSuppressed, _sort, _failOn, _exitCode, _exitOnEol, _platform, _force,
            _timeout, _quiet, _noProgress, _server, _token, _tokenFile,
        ];
        foreach (Option option in options)
        {
            command.Add(option);
        }
    }

    /// <summary>What they say together. Throws <see cref="CommandException"/> for what cannot be together, and what reading a file throws.</summary>
    public ScanChoices Read(ParseResult arguments)
    {
        bool isQuiet = arguments.GetValue(_quiet);
        string? server = arguments.GetValue(_server);
        string? ignoreFile = arguments.GetValue(_ignoreFile);
        string serverSaidBy = server is null ? RemoteApp.ServerVariable : RemoteApp.ServerOption;
        return new ScanChoices
        {
            Image = arguments.GetRequiredValue(_image),
            Platform = ImageOptions.PlatformOf(arguments, _platform),
            Force = arguments.GetValue(_force),
            Format = arguments.GetValue(_format)!,
            Output = OutputOf(arguments.GetValue(_output)),
            Filter = new ReportFilter
            {
                Severities = SeveritiesOf(arguments.GetValue(_severity), out _) ?? new HashSet<Severity>(),
                OnlyFixable = arguments.GetValue(_ignoreUnfixed),
            },
            Ignored = ReadIgnored(ignoreFile, isQuiet),
            IgnoredSaidBy = ignoreFile is null ? UsualIgnoreFile : IgnoreFileOption,
            Vex = arguments.GetValue(_vex) ?? [],
            ShowsSuppressed = arguments.GetValue(_showSuppressed),
            Order = Enum.Parse<FindingKey>(arguments.GetValue(_sort)!, ignoreCase: true),
            Gates = new ScanGates(SeverityGate.Of(arguments.GetValue(_failOn)), arguments.GetValue(_exitCode), arguments.GetValue(_exitOnEol)),
            IsQuiet = isQuiet,
            ShowsProgress = !isQuiet && !arguments.GetValue(_noProgress),
            Timeout = arguments.GetValue(_timeout) is { } time ? Duration.Read(time) : null,
            Server = RemoteApp.AddressOf(server ?? Environment.GetEnvironmentVariable(RemoteApp.ServerVariable), serverSaidBy),
            ServerSaidBy = serverSaidBy,
            Token = RemoteApp.TokenOf(arguments.GetValue(_token), arguments.GetValue(_tokenFile)),
        };
    }

    // Said before the scan, which may take minutes.
    private static string? OutputOf(string? path) => path is not null && OutputFile.ObstacleTo(path) is { } obstacle
        ? throw new CommandException($"--output is '{path}', {obstacle}.")
        : path;

    // Debian and Grype say negligible to what StackRox has no lower word for than low.
    private static IReadOnlySet<Severity>? SeveritiesOf(string[]? lists, out string? unknown)
    {
        string[] words = string.Join(',', lists ?? []).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        IEnumerable<string> known = words.Select(word => word.Equals("negligible", StringComparison.OrdinalIgnoreCase) ? "low" : word);
        return ReportFilter.TryReadSeverities(string.Join(',', known), out IReadOnlySet<Severity>? severities, out unknown) ? severities : null;
    }

    private static IgnoreFile ReadIgnored(string? path, bool isQuiet)
    {
        if (path is null && !File.Exists(UsualIgnoreFile))
        {
            return IgnoreFile.Empty;
        }

        using FileStream file = File.OpenRead(path ?? UsualIgnoreFile);
        IgnoreFile read = IgnoreFile.Read(file);
        foreach (string warning in isQuiet ? [] : read.Warnings)
        {
            Terminal.Say($"Warning: {path ?? UsualIgnoreFile}: {warning}");
        }

        return read;
    }

    // Of a list with commas the last word is completed: critical,hi
    private static IEnumerable<CompletionItem> CompleteSeverities(CompletionContext context)
    {
        string before = context.WordToComplete[..(context.WordToComplete.LastIndexOf(',') + 1)];
        return ReportFilter.SeverityWords.Keys.Select(word => new CompletionItem(before + word));
    }
}
