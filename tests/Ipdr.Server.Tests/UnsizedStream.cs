namespace Ipdr.Server.Tests;

/// <summary>Content whose length nobody knows before its end: it is sent in HTTP's own chunks.</summary>
internal sealed class UnsizedStream(byte[] content) : MemoryStream(content)
{
    public override bool CanSeek => false;
}
