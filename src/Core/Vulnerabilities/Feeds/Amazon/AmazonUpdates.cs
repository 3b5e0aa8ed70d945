namespace ImageScan.Core.Vulnerabilities.Feeds.Amazon;

/// <summary>
/// Reads one <c>update</c> of an updateinfo document (https://github.com/openSUSE/libsolv/blob/master/ext/repo_updateinfoxml.c names its
/// elements; the words are Amazon's).
/// </summary>
internal sealed class AmazonUpdates(ForwardXml xml, FeedReport report)
{
    // The largest updates of kernels have some hundred packages for each architecture.
    private const int MaxEntries = 50_000;
    private const int MaxTextLength = 1024;

    private static readonly string[] DateForms = ["yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd"];

    private readonly AmazonUpdate _update = new();

    /// <summary>Reads the update that begins here, to its end; null if it says nothing, which the report then tells.</summary>
    public async Task<Advisory?> ReadAsync(CancellationToken cancellationToken)
    {
        int depth = xml.Depth;
        _update.Type = xml.Attribute("type") ?? "";
        bool isEmpty = xml.IsEmpty;
        while (!isEmpty && await xml.ReadAsync(cancellationToken) && !(xml.IsEnd && xml.Depth == depth))
        {
            if (xml.IsStart)
            {
                await TakeAsync(cancellationToken);
            }
        }

        string label = _update.Id.Length > 0 ? FeedTexts.Shown(_update.Id) : "update";
        if (_update.Problem is { } problem)
        {
            report.AddMalformed(label, problem);
        }

        return _update.ToAdvisory(label, report);
    }

    private async Task TakeAsync(CancellationToken cancellationToken)
    {
        switch (xml.Name)
        {
            case "id":
                _update.Id = await xml.TextAsync(MaxTextLength, cancellationToken);
                break;
            case "title":
                _update.Title = await xml.TextAsync(MaxTextLength, cancellationToken);
                break;
            case "severity":
                _update.Severity = await xml.TextAsync(MaxTextLength, cancellationToken);
                break;
            case "issued":
                _update.Issued = Date();
                break;
            case "updated":
                _update.Updated = Date();
                break;
            case "reference" when xml.Attribute("type") == "cve" && xml.Attribute("id") is { } cve && CveId.IsOne(cve):
                Add(_update.Cves, cve);
                break;
            case "collection":
                _update.Collection = xml.Attribute("short") ?? "";
                break;
            case "package":
                TakePackage();
                break;
            default:
                break;
        }
    }

    private void TakePackage()
    {
        if (xml.Attribute("name") is not { } name || xml.Attribute("version") is not { } version || xml.Attribute("release") is not { } release)
        {
            _update.Problem = "has a package without name, version or release (the rest is used)";
            return;
        }

        string epoch = xml.Attribute("epoch") is { } given && given != "0" ? given + ":" : "";
        Add(_update.Packages, new AmazonPackage(name, $"{epoch}{version}-{release}", xml.Attribute("arch") ?? "noarch"));
    }

    private void Add<T>(List<T> entries, T entry)
    {
        if (entries.Count < MaxEntries)
        {
            entries.Add(entry);
        }
        else
        {
            _update.Problem = $"has more than {MaxEntries} packages or CVEs (the rest is left out)";
        }
    }

    private DateTimeOffset? Date()
    {
        DateTimeOffset? date = FeedTexts.Date(xml.Attribute("date"), DateForms);
        _update.Problem ??= date is null ? "has a date of no known form (the rest is used)" : null;
        return date;
    }
}
