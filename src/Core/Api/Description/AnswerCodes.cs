namespace ImageScan.Core.Api.Description;

/// <summary>
/// Which errors an operation may answer with. The end-to-end tests hold every answer they get to the description, so an error that is missing
/// here fails them.
/// </summary>
internal static class AnswerCodes
{
    // What only some give, beside what follows from what they are.
    private static readonly Dictionary<string, GrpcCode[]> Own = new()
    {
        [nameof(Operations.ScanImage)] = [GrpcCode.NotFound, GrpcCode.DeadlineExceeded],
        [nameof(Operations.Ready)] = [GrpcCode.Unavailable],
        [nameof(Operations.DeleteImages)] = [GrpcCode.DeadlineExceeded],
        [nameof(Operations.ExportImages)] = [GrpcCode.DeadlineExceeded],
        [nameof(Operations.ListDelegationClusters)] = [GrpcCode.NotFound],
        [nameof(Operations.WatchImage)] = [GrpcCode.DeadlineExceeded],
        [nameof(Operations.Sbom)] = [GrpcCode.NotFound, GrpcCode.DeadlineExceeded],
        [nameof(Operations.DetectBuild)] = [GrpcCode.NotFound, GrpcCode.DeadlineExceeded],
        [nameof(Operations.SuppressCves)] = [GrpcCode.NotFound],
        [nameof(Operations.UnsuppressCves)] = [GrpcCode.NotFound],
        [nameof(Operations.CreateDeferralException)] = [GrpcCode.AlreadyExists],
        [nameof(Operations.CreateFalsePositiveException)] = [GrpcCode.AlreadyExists],
        [nameof(Operations.DeferCve)] = [GrpcCode.AlreadyExists],
        [nameof(Operations.MarkCveFalsePositive)] = [GrpcCode.AlreadyExists],
        [nameof(Operations.PostSignatureIntegration)] = [GrpcCode.AlreadyExists, GrpcCode.FailedPrecondition],
        [nameof(Operations.PutSignatureIntegration)] = [GrpcCode.AlreadyExists],
        [nameof(Operations.DeleteSignatureIntegration)] = [GrpcCode.FailedPrecondition],
        [nameof(Operations.UpdateImageIntegration)] = [GrpcCode.FailedPrecondition],
        [nameof(Operations.TestUpdatedImageIntegration)] = [GrpcCode.NotFound, GrpcCode.FailedPrecondition],
        [nameof(Operations.TestImageIntegration)] = [GrpcCode.NotFound],
        [nameof(Operations.ExchangeToken)] = [GrpcCode.Unauthenticated, GrpcCode.ResourceExhausted, GrpcCode.Unavailable],
        [nameof(Operations.ReceiveWebhook)] = [GrpcCode.Unauthenticated, GrpcCode.ResourceExhausted, GrpcCode.Unavailable],
        [nameof(Operations.ReceiveWebhookBySecret)] = [GrpcCode.Unauthenticated, GrpcCode.ResourceExhausted, GrpcCode.Unavailable],
        [nameof(Operations.PostVex)] = [GrpcCode.FailedPrecondition],
        [nameof(Operations.ScanForHarbor)] = [GrpcCode.NotFound, GrpcCode.FailedPrecondition, GrpcCode.Unimplemented],
        [nameof(Operations.GetHarborReport)] = [GrpcCode.Unimplemented],
    };

    /// <summary>The codes of an operation in their order; none twice.</summary>
    public static IReadOnlyList<GrpcCode> Of(Operation operation)
    {
        // Of gRPC these are what a caller gets who does not speak it: others find theirs among the trailers.
        var codes = new SortedSet<GrpcCode> { GrpcCode.PermissionDenied, GrpcCode.Internal };
        if (operation.Access != RequiredAccess.None)
        {
            // Who it is may have to be looked up in storage.
            codes.UnionWith([GrpcCode.Unauthenticated, GrpcCode.ResourceExhausted, GrpcCode.Unavailable]);
        }

        if (operation.Body is not null || operation.Parameters is not null || (operation.Method is not ("GET" or "HEAD") && !operation.IsGrpc))
        {
            codes.Add(GrpcCode.InvalidArgument);
        }

        bool isOfOne = operation.Path.Contains('{', StringComparison.Ordinal);
        if (isOfOne)
        {
            codes.UnionWith([GrpcCode.NotFound, GrpcCode.InvalidArgument]);
        }

        // An exception that is decided cannot be decided again, and two may not speak of the same.
        if (isOfOne && operation.Changes && operation.Resource.StartsWith("VulnerabilityManagement", StringComparison.Ordinal))
        {
            codes.UnionWith([GrpcCode.AlreadyExists, GrpcCode.FailedPrecondition]);
        }

        codes.UnionWith(Own.GetValueOrDefault(operation.Name, []));
        return [.. codes];
    }
}
