// The registry's events, straight into a queue: no request waits for a cold start, and none is lost while the app is away
// (https://learn.microsoft.com/azure/event-grid/handler-storage-queues, https://learn.microsoft.com/azure/event-grid/event-schema-container-registry).
param name string

@description('Region of the registry.')
param location string
param tags object

@description('The registry, in this subscription, without a topic yet: https://learn.microsoft.com/azure/event-grid/system-topics.')
param registryId string
param storageName string
param queueName string

// https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/storage#storage-queue-data-message-sender
var queueDataMessageSender = 'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a'

resource storage 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: storageName
}

// The identity is the topic's own, since a closed account takes events from no other (first source above).
resource events 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: name
  location: location
  tags: tags
  identity: { type: 'SystemAssigned' }
  properties: {
    source: registryId
    topicType: 'Microsoft.ContainerRegistry.Registries'
  }

  resource pushes 'eventSubscriptions' = {
    name: 'registry-events'
    properties: {
      deliveryWithResourceIdentity: {
        identity: { type: 'SystemAssigned' }
        destination: {
          endpointType: 'StorageQueue'
          properties: {
            resourceId: storage.id
            queueName: queueName
          }
        }
      }
      eventDeliverySchema: 'CloudEventSchemaV1_0'
      filter: {
        includedEventTypes: ['Microsoft.ContainerRegistry.ImagePushed', 'Microsoft.ContainerRegistry.ImageDeleted']
      }
    }
    dependsOn: [access]
  }
}

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage.id, registryId, queueDataMessageSender)
  scope: storage
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', queueDataMessageSender)
    principalId: events.identity.principalId
    principalType: 'ServicePrincipal'
  }
}
