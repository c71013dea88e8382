namespace Ipdr.Server.Registry;

/// <summary>A request that is refused, in the words of the distribution spec.</summary>
internal sealed class RegistryException(RegistryErrorCode code, string message, IReadOnlyList<string>? details = null, Exception? inner = null)
    : Exception(message, inner)
{
    public RegistryErrorCode Code => code;

    /// <summary>One error for each; empty for one error without a detail.</summary>
    public IReadOnlyList<string> Details { get; } = details ?? [];

    /// <summary>The status of the answer.</summary>
    public int Status { get; init; } = code.Status;

    /// <summary>How to say who you are, with a 401.</summary>
    public string? Challenge { get; init; }

    /// <summary>What the resource allows, with a 405.</summary>
    public string? Allow { get; init; }
}
