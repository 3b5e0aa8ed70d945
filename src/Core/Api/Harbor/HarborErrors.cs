using ImageScan.Core.Api.Wire;

namespace ImageScan.Core.Api.Harbor;

/// <summary>Errors as a scanner adapter says them; whatever else Harbor gets as an error, it shows as "unexpected" alone.</summary>
internal static class HarborErrors
{
    /// <summary>A field that cannot be.</summary>
    public static ApiException WrongField(string message) => new(GrpcCode.FailedPrecondition, message);

    /// <summary>What this scanner does not do.</summary>
    public static ApiException NotDone(string message) => new(GrpcCode.Unimplemented, message);

    /// <summary>The status of an error: that of other operations, and 422 for a field that cannot be, for which gRPC has no code of its own.</summary>
    public static int StatusOf(GrpcCode code) => code == GrpcCode.FailedPrecondition ? 422 : GrpcCodes.HttpStatusOf(code);

    /// <summary>The answer that says it.</summary>
    public static ApiResult Of(ApiException error) =>
        ApiResult.Json(new WireHarborFailure(new WireHarborError(error.Message)), StatusOf(error.Code)) with { ContentType = HarborMediaTypes.Error };
}
