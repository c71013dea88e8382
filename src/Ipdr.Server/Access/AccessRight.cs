namespace Ipdr.Server.Access;

/// <summary>What a request needs.</summary>
internal enum AccessRight
{
    /// <summary>To see what is there.</summary>
    Pull,

    /// <summary>To change it.</summary>
    Push,
}
