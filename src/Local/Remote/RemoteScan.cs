using System.Text;
using System.Text.Json;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Local.Commands;
using ImageScan.Local.Output;

namespace ImageScan.Local.Remote;

/// <summary>
/// A scan by a deployed app, which also knows what is suppressed there. Reports come from the app; the table, the line that sums up and the exit code
/// are worked out here from its answer, with the same filters.
/// </summary>
internal static class RemoteScan
{
    private const int MaxIdsSaid = 20;

    /// <summary>Returns what the command ends with. Throws what <see cref="RemoteApp"/> does.</summary>
    public static async Task<int> RunAsync(Uri server, ScanChoices choices, CancellationToken cancellationToken)
    {
        Check(choices);
        using RemoteApp app = RemoteApp.Open(server, choices.Token);
        string id = await ProgressLine.ShowAsync(
            choices.ShowsProgress ? ProgressDisplay.OnTerminal : ProgressDisplay.None, progress => app.ScanAsync(choices, progress, cancellationToken));
        // Also what is suppressed, which the line that sums up counts.
        // JSON is passed on, and is what other clients of that app get.
        AnswerFields fields = choices.Format == ScanOptions.Json ? AnswerFields.AsSet : AnswerFields.All;
        using JsonDocument answer = await app.ImageAsync(id, choices, Suppressed.Shown, fields, cancellationToken);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        var whole = ScannedImage.Of(answer.RootElement);
        ScannedImage image = Narrowed(whole, choices, now);
        switch (choices.Format)
        {
            case ScanOptions.Table:
                await ReportOutput.WriteTableAsync(image, choices, cancellationToken);
                break;
            case ScanOptions.Json:
                await WriteJsonAsync(app, id, answer, choices, cancellationToken);
                ReportOutput.SaySummary(choices, image);
                break;
            default:
                await WriteReportAsync(app, id, choices, cancellationToken);
                ReportOutput.SaySummary(choices, image);
                break;
        }

        SayWhatIsNotHeeded(whole, choices, now);

        IEnumerable<Severity> counted = image.Rows.Where(row => row.Decision.Length == 0).Select(row => row.Severity);
        int code = choices.Gates.CodeFor(counted, isEnded: false);
        ReportOutput.SayIfPartial(choices, code, image);
        return code;
    }

    private static JsonSerializerOptions Indented { get; } = new() { WriteIndented = true };

    private static async Task WriteJsonAsync(RemoteApp app, string id, JsonDocument whole, ScanChoices choices, CancellationToken cancellationToken)
    {
        if (choices.ShowsSuppressed)
        {
            await ReportOutput.WriteJsonAsync(JsonSerializer.SerializeToUtf8Bytes(whole.RootElement, Indented), choices, cancellationToken);
            return;
        }

        using JsonDocument answer = await app.ImageAsync(id, choices, Suppressed.LeftOut, AnswerFields.AsSet, cancellationToken);
        await ReportOutput.WriteJsonAsync(JsonSerializer.SerializeToUtf8Bytes(answer.RootElement, Indented), choices, cancellationToken);
    }

    // A file or a pipe gets the bytes of the app, a terminal nothing that it would obey.
    private static async Task WriteReportAsync(RemoteApp app, string id, ScanChoices choices, CancellationToken cancellationToken)
    {
        if (choices.Output is not null || Console.IsOutputRedirected)
        {
            await ReportOutput.WriteAsync(choices, output => app.WriteReportAsync(id, QueryOf(choices), output, cancellationToken));
            return;
        }

        using var report = new MemoryStream();
        await app.WriteReportAsync(id, QueryOf(choices), report, cancellationToken);
        Terminal.Lines(Encoding.UTF8.GetString(report.GetBuffer(), 0, (int)report.Length));
    }

    // An answer names a finding by one id, so that another of the same vulnerability finds nothing here; that must not pass for heeded.
    private static void SayWhatIsNotHeeded(ScannedImage image, ScanChoices choices, DateTimeOffset now)
    {
        var found = image.Rows.Select(row => row.Cve).ToHashSet(StringComparer.OrdinalIgnoreCase);
        string[] ids = [.. choices.Ignored.IdsAt(now).Where(id => !id.StartsWith("CVE-", StringComparison.OrdinalIgnoreCase) && !found.Contains(id))];
        if (ids.Length > 0 && !choices.IsQuiet)
        {
            string more = ids.Length > MaxIdsSaid ? $" and {ids.Length - MaxIdsSaid} more" : "";
            Terminal.Say(
                $"Warning: {choices.IgnoredSaidBy} names what no finding in the answer is called by, so it has no effect; give the CVE instead: "
                + string.Join(", ", ids.Take(MaxIdsSaid)) + more);
        }
    }

    // What a server would not do must not pass for done.
    private static void Check(ScanChoices choices)
    {
        if (NamedImage.IsArchive(choices.Image))
        {
            throw new CommandException(
                $"{choices.ServerSaidBy} has an app scan, which reads what a registry has, not a file of this machine; without it the scan is made here.");
        }

        if (choices.Vex.Count > 0)
        {
            throw new CommandException($"--vex counts where the scan is made; to the server of {choices.ServerSaidBy}, documents are given by POST /v1/vex.");
        }

        if (choices.Gates.EndOfLifeCode > 0)
        {
            throw new CommandException(
                $"--exit-on-eol counts where the scan is made: an answer of the server of {choices.ServerSaidBy} does not tell the end of a release.");
        }

        bool isMadeThere = choices.Format is not (ScanOptions.Table or ScanOptions.Json);
        if (isMadeThere && choices.Ignored.IdsAt(TimeProvider.System.GetUtcNow()).Any())
        {
            throw new CommandException(
                $"{choices.IgnoredSaidBy} cannot be had with {choices.ServerSaidBy} and --format {choices.Format}, which is written there: "
                + "suppress the ids there.");
        }
    }

    private static ScannedImage Narrowed(ScannedImage image, ScanChoices choices, DateTimeOffset now)
    {
        FindingRow[] decided =
        [
            .. image.Rows.Select(row => row.Decision.Length == 0 && choices.Ignored.Names(row.Cve, now) ? row with { Decision = "ignored" } : row),
        ];
        FindingRow[] shown = [.. decided.Where(row => choices.ShowsSuppressed || row.Decision.Length == 0)];
        FindingRow[] kept = [.. shown.Where(row => choices.Filter.Wants(row.Severity, row.FixedIn.Length > 0))];
        return image with
        {
            Rows = FindingOrder.Apply(kept, choices.Order),
            Hidden = shown.Length - kept.Length,
            Suppressed = decided.Length - shown.Length,
        };
    }

    private static string QueryOf(ScanChoices choices)
    {
        var query = new List<string> { $"format={Uri.EscapeDataString(choices.Format)}", RemoteApp.QueryOf(choices) };
        if (choices.Filter.Severities.Count > 0)
        {
            query.Add($"severity={string.Join(',', choices.Filter.Severities.Select(severity => $"{severity}".ToLowerInvariant()))}");
        }

        if (choices.Filter.OnlyFixable)
        {
            query.Add("fixable=true");
        }

        if (choices.ShowsSuppressed)
        {
            query.Add("includeSnoozed=true");
        }

        return string.Join('&', query);
    }
}
