using System.Diagnostics.CodeAnalysis;

namespace ImageScan.Core.Vulnerabilities.Feeds.AzureLinux;

/// <summary>
/// The tests, objects and states of Microsoft's documents. They stand behind the definitions that refer to them, so both are held; the
/// largest document has some ten thousand of each.
/// </summary>
internal sealed class AzureTables
{
    /// <summary>How many entries a table may have.</summary>
    public const int MaxEntries = 1_000_000;

    private readonly Dictionary<string, (string Object, string State)> _tests = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Operation, string Version)> _versions = new(StringComparer.Ordinal);

    /// <summary>Takes the element that begins here if it is of a table, to its end; else nothing is read.</summary>
    public async Task TakeAsync(ForwardXml xml, CancellationToken cancellationToken)
    {
        if (_tests.Count >= MaxEntries || _names.Count >= MaxEntries || _versions.Count >= MaxEntries)
        {
            throw new InvalidDataException($"It has more than {MaxEntries} tests, objects or states.");
        }

        switch (xml.Name)
        {
            case "rpminfo_test":
                await TakeTestAsync(xml, cancellationToken);
                break;
            case "rpminfo_object":
                await TakeInnerAsync(xml, "name", (id, _, name) => _names[id] = name, cancellationToken);
                break;
            case "rpminfo_state":
                await TakeInnerAsync(xml, "evr", (id, operation, version) => _versions[id] = (operation, version), cancellationToken);
                break;
            default:
                break;
        }
    }

    /// <summary>The package and the versions that a test is about; false if it is not there, or about anything else than versions.</summary>
    public bool TryResolve(string test, [NotNullWhen(true)] out string? package, [NotNullWhen(true)] out VersionRange? range)
    {
        package = null;
        range = null;
        if (!_tests.TryGetValue(test, out var ids) || !_names.TryGetValue(ids.Object, out package) || !_versions.TryGetValue(ids.State, out var state))
        {
            return false;
        }

        string version = StatedRange.WithoutZeroEpoch(state.Version);
        range = state.Operation switch
        {
            "less than" => StatedRange.Before(version),
            "less than or equal" => StatedRange.UpTo(version),
            _ => null,
        };
        return range is not null && package.Length > 0 && version.Length > 0;
    }

    private async Task TakeTestAsync(ForwardXml xml, CancellationToken cancellationToken)
    {
        string? id = xml.Attribute("id");
        (string? subject, string? state) = (null, null);
        int depth = xml.Depth;
        bool isEmpty = xml.IsEmpty;
        while (!isEmpty && await xml.ReadAsync(cancellationToken) && !(xml.IsEnd && xml.Depth == depth))
        {
            subject = xml.IsStart && xml.Name == "object" ? xml.Attribute("object_ref") : subject;
            state = xml.IsStart && xml.Name == "state" ? xml.Attribute("state_ref") : state;
        }

        if (id is not null && subject is not null && state is not null)
        {
            _tests[id] = (subject, state);
        }
    }

    private static async Task TakeInnerAsync(
        ForwardXml xml, string name, Action<string, string, string> take, CancellationToken cancellationToken)
    {
        string? id = xml.Attribute("id");
        int depth = xml.Depth;
        bool isEmpty = xml.IsEmpty;
        while (!isEmpty && await xml.ReadAsync(cancellationToken) && !(xml.IsEnd && xml.Depth == depth))
        {
            if (xml.IsStart && xml.Name == name)
            {
                string operation = xml.Attribute("operation") ?? "equals";
                string text = await xml.TextAsync(JsonTexts.MaxLength, cancellationToken);
                if (id is not null)
                {
                    take(id, operation, text);
                }
            }
        }
    }
}
