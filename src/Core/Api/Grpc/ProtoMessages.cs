using Google.Protobuf.Reflection;
using ImageScan.Core.Api.Grpc.Messages;
using ImageScan.Core.Api.Wire;

namespace ImageScan.Core.Api.Grpc;

/// <summary>Which message of the proto files an answer is.</summary>
internal static class ProtoMessages
{
    private static readonly Dictionary<Type, MessageDescriptor> Answers = new()
    {
        [typeof(WireImage)] = Image.Descriptor,
        [typeof(WireBuildDetection)] = BuildDetectionResponse.Descriptor,
        [typeof(WirePing)] = PongMessage.Descriptor,
    };

    /// <summary>The answers that can be given as protobuf, with their messages.</summary>
    public static IReadOnlyDictionary<Type, MessageDescriptor> All => Answers;

    /// <summary>Writes an answer. Throws <see cref="NotSupportedException"/> for one that is no message of the proto files.</summary>
    public static void Write(object answer, ApiLevel level, ProtoBuffer buffer)
    {
        MessageDescriptor message = Answers.GetValueOrDefault(answer.GetType())
            ?? throw new NotSupportedException($"{answer.GetType().Name} is no message of the proto files: list it in {nameof(ProtoMessages)}.");
        ProtoForm.Of(answer.GetType(), message, level).Write(answer, buffer);
    }
}
