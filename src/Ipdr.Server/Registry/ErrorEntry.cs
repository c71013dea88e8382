namespace Ipdr.Server.Registry;

/// <summary>One thing that is wrong.</summary>
/// <param name="Code">One of the spec's codes.</param>
/// <param name="Message">For people.</param>
/// <param name="Detail">What it is about.</param>
internal sealed record ErrorEntry(string Code, string Message, string? Detail);
