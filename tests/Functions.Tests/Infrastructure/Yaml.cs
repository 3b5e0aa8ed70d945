using ImageScan.TestSupport;
using YamlDotNet.RepresentationModel;

namespace ImageScan.Functions.Tests.Infrastructure;

/// <summary>YAML files of the repository.</summary>
internal static class Yaml
{
    public static YamlMappingNode Read(params string[] path)
    {
        using StreamReader reader = File.OpenText(Repository.Path(path));
        var stream = new YamlStream();
        stream.Load(reader);
        return (YamlMappingNode)Assert.Single(stream.Documents).RootNode;
    }

    public static YamlMappingNode Map(this YamlMappingNode node, string key) => (YamlMappingNode)node.Children[new YamlScalarNode(key)];

    public static string Text(this YamlMappingNode node, string key) => ((YamlScalarNode)node.Children[new YamlScalarNode(key)]).Value!;

    public static bool Has(this YamlMappingNode node, string key) => node.Children.ContainsKey(new YamlScalarNode(key));

    /// <summary>Every text of the values below a key, however deep.</summary>
    public static IEnumerable<string> Under(this YamlNode node, string key) => node.AllNodes.OfType<YamlMappingNode>()
        .SelectMany(map => map.Children).Where(pair => pair.Key is YamlScalarNode name && name.Value == key)
        .SelectMany(pair => pair.Value.AllNodes).OfType<YamlScalarNode>().Select(scalar => scalar.Value!);
}
