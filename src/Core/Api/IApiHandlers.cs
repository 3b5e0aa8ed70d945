using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api;

/// <summary>
/// Does what one operation asks for. What it throws becomes an error body by <see cref="ErrorTable"/>; the token ends with the connection, and
/// the <see cref="Access.AccessDecision"/> is among the context's features.
/// </summary>
public delegate Task<ApiResult> ApiHandler(HttpContext context, CancellationToken cancellationToken);

/// <summary>The handlers of one area of the API.</summary>
public interface IApiHandlers
{
    /// <summary>What answers each of the area's operations; no other class answers them.</summary>
    IReadOnlyDictionary<Operation, ApiHandler> Handlers { get; }
}
