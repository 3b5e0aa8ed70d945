using Google.Protobuf.Reflection;
using ImageScan.Core.Api.Grpc.Messages;

namespace ImageScan.Core.Tests.Api.Grpc;

/// <summary>The proto files against what protoc makes of StackRox's own.</summary>
public sealed class ProtoFieldsTests
{
    // What speaks of things that are no image.
    private static readonly string[] NotOurs =
    [
        "storage.Alert 4 deployment storage.Alert.Deployment oneof Entity",
        "storage.Alert 16 resource storage.Alert.Resource oneof Entity",
        "storage.Alert 24 node storage.Alert.Node oneof Entity",
        "storage.Alert.ProcessViolation 2 processes repeated storage.ProcessIndicator",
        "storage.Alert.Violation 7 network_flow_info storage.Alert.Violation.NetworkFlowInfo oneof MessageAttributes",
        "storage.Alert.Violation 8 file_access storage.FileAccess oneof MessageAttributes",
    ];

    [Fact]
    public async Task AreThoseOfStackRox()
    {
        string file = Path.Combine(AppContext.BaseDirectory, "Api", "Grpc", "TestData", "stackrox-fields.tsv");
        IEnumerable<string> theirs = (await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken))
            .Where(line => line is [not '#', ..])
            .Select(line => string.Join(' ', line.Split('\t')[..3]));

        string[] ours =
        [
            .. new[] { ImageReflection.Descriptor, AlertReflection.Descriptor, RequestsReflection.Descriptor }
                .SelectMany(proto => proto.MessageTypes.SelectMany(LinesOf).Concat(proto.EnumTypes.SelectMany(LinesOf))),
        ];

        Assert.True(ours.Length > 390);
        Assert.Equal(theirs.Order(StringComparer.Ordinal), ours.Concat(NotOurs).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> LinesOf(MessageDescriptor message) => message.Fields.InDeclarationOrder()
        .Select(field => $"{message.FullName} {field.FieldNumber} {field.Name} {(field.IsRepeated ? "repeated " : "")}{TypeOf(field)}{OneofOf(field)}")
        .Concat(message.NestedTypes.SelectMany(LinesOf))
        .Concat(message.EnumTypes.SelectMany(LinesOf));

    private static IEnumerable<string> LinesOf(EnumDescriptor type) => type.Values.Select(value => $"{type.FullName} {value.Number} {value.Name} value");

    private static string TypeOf(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message => field.MessageType.FullName,
        FieldType.Enum => field.EnumType.FullName,
        var plain => plain.ToString().ToLowerInvariant(),
    };

    private static string OneofOf(FieldDescriptor field) => field.ContainingOneof is { } oneof ? $" oneof {oneof.Name}" : "";
}
