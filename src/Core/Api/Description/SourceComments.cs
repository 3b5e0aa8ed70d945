using System.Reflection;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace ImageScan.Core.Api.Description;

/// <summary>
/// The comments of this assembly's sources, as the compiler writes them beside it
/// (https://learn.microsoft.com/dotnet/csharp/language-reference/xmldoc/), in CommonMark. Where that file is missing there are none.
/// </summary>
internal sealed class SourceComments
{
    private readonly Dictionary<string, XElement> _members = new(StringComparer.Ordinal);

    private SourceComments()
    {
    }

    /// <summary>Reads the file beside the program; nothing is kept but what the API speaks of.</summary>
    public static SourceComments Load()
    {
        var comments = new SourceComments();
        string path = Path.Combine(AppContext.BaseDirectory, "ImageScan.Core.xml");
        if (!File.Exists(path))
        {
            return comments;
        }

        using var reader = XmlReader.Create(path, new XmlReaderSettings { IgnoreWhitespace = false });
        while (!reader.EOF)
        {
            if (reader.NodeType == XmlNodeType.Element && reader.Name == "member" && IsOfTheApi(reader.GetAttribute("name") ?? ""))
            {
                string name = reader.GetAttribute("name")!;
                comments._members[name] = (XElement)XNode.ReadFrom(reader);
                continue;
            }

            reader.Read();
        }

        return comments;
    }

    /// <summary>What a type is; "" if nothing is said.</summary>
    public string Of(Type type) => Summary($"T:{NameOf(type)}");

    /// <summary>What a property is: its own comment, or that of the record's parameter; "" if nothing is said.</summary>
    public string Of(PropertyInfo property)
    {
        string own = Summary($"P:{NameOf(property.DeclaringType!)}.{property.Name}");
        return own.Length > 0 || !_members.TryGetValue($"T:{NameOf(property.DeclaringType!)}", out XElement? type)
            ? own
            : type.Elements("param").Where(parameter => parameter.Attribute("name")?.Value == property.Name).Select(Text).FirstOrDefault("");
    }

    private static bool IsOfTheApi(string member) =>
        member.StartsWith("T:ImageScan.Core.Api.", StringComparison.Ordinal) || member.StartsWith("P:ImageScan.Core.Api.", StringComparison.Ordinal);

    private static string NameOf(Type type) => type.FullName!.Replace('+', '.');

    private string Summary(string member) =>
        _members.TryGetValue(member, out XElement? element) && element.Element("summary") is { } summary ? Text(summary) : "";

    private static string Text(XElement element)
    {
        var text = new StringBuilder();
        foreach (XNode node in element.Nodes())
        {
            text.Append(node switch
            {
                XText plain => plain.Value,
                XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
                XElement { Name.LocalName: "see" } link when link.Attribute("href") is { } address => $"{(link.Value.Length > 0 ? link.Value : address.Value)}",
                XElement { Name.LocalName: "see" } link => ShortName(link.Attribute("cref")?.Value ?? link.Attribute("langword")?.Value ?? ""),
                XElement { Name.LocalName: "paramref" } parameter => parameter.Attribute("name")?.Value ?? "",
                XElement other => Text(other),
                _ => "",
            });
        }

        return string.Join(' ', text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private static string ShortName(string reference)
    {
        string name = reference[(reference.LastIndexOfAny(['.', ':']) + 1)..];
        return name.StartsWith("Wire", StringComparison.Ordinal) && name.Length > 4 ? name[4..] : name;
    }
}
