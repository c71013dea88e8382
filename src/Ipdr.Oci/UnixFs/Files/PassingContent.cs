namespace Ipdr.Oci.UnixFs.Files;

/// <summary>Content that passed by and was not kept: who wants blocks of it says with <see cref="FileNode.At"/> where it can be read again.</summary>
internal sealed class PassingContent : FileContent
{
    public static PassingContent Instance { get; } = new();

    public override string Name => "content that was not kept";

    public override ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
        throw new InvalidOperationException(Name);
}
