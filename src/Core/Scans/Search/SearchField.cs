using ImageScan.Core.Images;
using ImageScan.Core.Results;

namespace ImageScan.Core.Scans.Search;

/// <summary>What can be asked of a field.</summary>
public enum SearchForm
{
    /// <summary>What it begins with, <c>"the whole"</c>, <c>r/pattern</c>; each with <c>!</c> before it for what is otherwise.</summary>
    Text,

    /// <summary>What it begins with, and <c>"the whole"</c>.</summary>
    Term,

    /// <summary><c>7</c>, <c>&gt;=7</c>, <c>7-9</c>.</summary>
    Number,

    /// <summary><c>03/31/2026</c>, <c>&gt;30d</c>, <c>1d-7d</c>.</summary>
    Moment,

    /// <summary>The beginning of its name, <c>&gt;=IMPORTANT</c>, <c>!LOW</c>.</summary>
    Severity,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Flag,
}

/// <summary>
/// A field that images are searched by, under StackRox's name (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/search/options.go).
/// </summary>
/// <param name="Name">Its name, whatever the case.</param>
/// <param name="Form">What can be asked of it.</param>
public sealed record SearchField(string Name, SearchForm Form)
{
    /// <summary>All of them, in the order of the documentation.</summary>
    public static readonly IReadOnlyList<SearchField> All =
    [
        OfName("Image", name => name.FullName),
        OfName("Image Registry", name => name.Registry),
        OfName("Image Remote", name => name.Remote),
        OfName("Image Tag", name => name.Tag),
        new("Image Sha", SearchForm.Text) { Text = image => image.Id },
        new("Image OS", SearchForm.Text) { Text = image => image.OperatingSystem },
        new("Component Count", SearchForm.Number) { Number = image => image.Summary.Components },
        new("Image CVE Count", SearchForm.Number) { Number = image => image.Summary.Cves },
        new("Fixable CVE Count", SearchForm.Number) { Number = image => image.Summary.FixableCves ?? 0 },
        new("Image Top CVSS", SearchForm.Number) { Number = image => (decimal)(image.Summary.TopCvss ?? 0) },
        new("Image Risk Score", SearchForm.Number) { Number = image => (decimal)image.Summary.RiskScore },
        new("Image Created Time", SearchForm.Moment) { Moment = image => image.Created },
        new("Image Scan Time", SearchForm.Moment) { Moment = image => image.ScannedAt },
        new("Last Updated", SearchForm.Moment) { Moment = image => image.LastUpdated },
        new(Cve, SearchForm.Term),
        new(Component, SearchForm.Term),
        new(ComponentVersion, SearchForm.Text),
        new(Severity, SearchForm.Severity),
        new(Fixable, SearchForm.Flag),
        new(Cvss, SearchForm.Number),
    ];

    internal const string Cve = "CVE";
    internal const string Component = "Component";
    internal const string ComponentVersion = "Component Version";
    internal const string Severity = "Severity";
    internal const string Fixable = "Fixable";
    internal const string Cvss = "CVSS";

    /// <summary>The part of a name that it is; null if it is no part of one.</summary>
    internal Func<ImageReference, string>? Part { get; private init; }

    internal Func<ListedImage, string>? Text { get; private init; }

    internal Func<ListedImage, decimal>? Number { get; private init; }

    internal Func<ListedImage, DateTimeOffset?>? Moment { get; private init; }

    /// <summary>The field of that name; null if images are not searched by it.</summary>
    public static SearchField? Of(string name) => All.FirstOrDefault(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static SearchField OfName(string name, Func<ImageReference, string> part) => new(name, SearchForm.Text) { Part = part };
}
