using System.Text.Json;

namespace ImageScan.Core.Images;

/// <summary>Decodes a configuration blob within the limits; what is left out is said in <see cref="ImageConfig.Omissions"/>.</summary>
internal sealed class ImageConfigReader
{
    private readonly ImageLimits _limits;
    private readonly List<string> _omissions = [];
    private int _cutTexts;

    private ImageConfigReader(ImageLimits limits)
    {
        _limits = limits;
    }

    /// <summary>The configuration. Throws <see cref="RegistryException"/> if the bytes are no JSON object within the allowed depth.</summary>
    public static ImageConfig Decode(ReadOnlyMemory<byte> bytes, Digest digest, ImageLimits limits)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = limits.JsonDepth });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new ImageConfigReader(limits).Read(document.RootElement)
                : throw new RegistryException($"The image configuration {digest} is no JSON object.");
        }
        catch (JsonException e)
        {
            throw new RegistryException($"The image configuration {digest} cannot be read: {HostileText.Plain(e.Message)}", e);
        }
    }

    private ImageConfig Read(JsonElement root)
    {
        JsonElement run = root.Member("config");
        var config = new ImageConfig
        {
            Created = root.Member("created").Time(),
            Author = Bounded(root.Member("author")),
            Os = Bounded(root.Member("os")),
            Architecture = Bounded(root.Member("architecture")),
            Variant = Bounded(root.Member("variant")),
            User = Bounded(run.Member("User")),
            Command = List(run.Member("Cmd").Items().Select(Bounded), "command"),
            Entrypoint = List(run.Member("Entrypoint").Items().Select(Bounded), "entrypoint"),
            Volumes = List(run.Member("Volumes").Members().Select(volume => Bounded(volume.NameText())), "volumes"),
            Labels = Labels(run.Member("Labels")),
            History = History(root.Member("history")),
        };
        if (_cutTexts > 0)
        {
            _omissions.Add(
                $"{_cutTexts} texts of the image configuration were cut or unreadable;"
                + $" at most {_limits.TextCharacters} characters of each are kept (TextCharacters).");
        }

        return config with { Omissions = [.. _omissions] };
    }

    private List<string> List(IEnumerable<string> items, string what)
    {
        List<string> kept = [.. items.Take(_limits.ListItems + 1)];
        if (kept.Count > _limits.ListItems)
        {
            kept.RemoveAt(_limits.ListItems);
            _omissions.Add($"The image's {what} was cut after {_limits.ListItems} items (ListItems).");
        }

        return kept;
    }

    private Dictionary<string, string> Labels(JsonElement element)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        int characters = 0;
        int leftOut = 0;
        foreach (JsonProperty label in element.Members())
        {
            string? name = label.NameText();
            string? value = label.Value.Text();
            if (name is null || value is null)
            {
                leftOut++;
                continue;
            }

            int size = name.Length + value.Length;
            if (labels.Count >= _limits.Labels || characters + size > _limits.LabelCharacters)
            {
                leftOut++;
                continue;
            }

            labels[name] = value;
            characters += size;
        }

        if (leftOut > 0)
        {
            _omissions.Add(
                $"{leftOut} labels of the image were left out; kept are at most {_limits.Labels} "
                + $"with {_limits.LabelCharacters} characters together (Labels, LabelCharacters).");
        }

        return labels;
    }

    private List<HistoryEntry> History(JsonElement element)
    {
        List<HistoryEntry> history = [.. element.Items().Take(_limits.HistoryEntries).Select(entry => new HistoryEntry(
            entry.Member("created").Time(),
            Bounded(entry.Member("created_by")),
            Bounded(entry.Member("author")),
            entry.Member("empty_layer").ValueKind == JsonValueKind.True))];
        int all = element.ValueKind == JsonValueKind.Array ? element.GetArrayLength() : 0;
        if (all > history.Count)
        {
            _omissions.Add($"The image's history has {all} entries; the first {history.Count} are kept (HistoryEntries).");
        }

        return history;
    }

    private string Bounded(JsonElement element)
    {
        if (element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return "";
        }

        return Bounded(element.Text());
    }

    private string Bounded(string? text)
    {
        if (text is null || text.Length > _limits.TextCharacters)
        {
            _cutTexts++;
        }

        return text is null ? "" : text.Length > _limits.TextCharacters ? text[.._limits.TextCharacters] : text;
    }
}
